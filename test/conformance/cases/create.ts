/** kubectl create: every kind it has a generator for, kinds from files, dry runs. */
import type { CaseSet } from '../harness.ts'

export const CREATE: CaseSet = {
  name: 'create',
  isFast: false,
  cases: [
    {
      name: 'deployment',
      run: 'kubectl create deployment web --image=nginx:1.27 --replicas=0',
      stdout: 'deployment.apps/web created',
    },
    {
      name: 'job',
      run: 'kubectl create job once --image=busybox:1.36 -- true',
      stdout: 'job.batch/once created',
    },
    {
      name: 'cron job',
      run: "kubectl create cronjob often --image=busybox:1.36 --schedule='*/5 * * * *' -- true",
      stdout: 'cronjob.batch/often created',
    },
    {
      name: 'secret',
      run: 'kubectl create secret generic key --from-literal=a=b && kubectl get secret key',
      stdout: /^secret\/key created\nNAME +TYPE +DATA +AGE\nkey +Opaque +1/,
    },
    {
      name: 'docker registry secret',
      run: 'kubectl create secret docker-registry reg --docker-username=u --docker-password=p --docker-server=s && kubectl get secret reg -o jsonpath={.type}',
      stdout: 'secret/reg created\nkubernetes.io/dockerconfigjson',
    },
    {
      name: 'service account',
      run: 'kubectl create serviceaccount robot',
      stdout: 'serviceaccount/robot created',
    },
    {
      name: 'role',
      run: 'kubectl create role reader --verb=get,list --resource=pods',
      stdout: 'role.rbac.authorization.k8s.io/reader created',
    },
    {
      name: 'role binding',
      run: 'kubectl create rolebinding readers --role=reader --serviceaccount=$NS:robot',
      stdout: 'rolebinding.rbac.authorization.k8s.io/readers created',
    },
    {
      name: 'cluster role',
      run: 'kubectl create clusterrole $NS-reader --verb=get --resource=nodes',
      stdout: /^clusterrole.rbac.authorization.k8s.io\/create-\d+-reader created$/,
    },
    {
      name: 'cluster role binding',
      run: 'kubectl create clusterrolebinding $NS-readers --clusterrole=$NS-reader --user=ann',
      stdout: /readers created$/,
    },
    {
      name: 'quota',
      run: 'kubectl create quota small --hard=configmaps=20',
      stdout: 'resourcequota/small created',
    },
    {
      name: 'pod disruption budget',
      run: 'kubectl create pdb some --selector=app=web --min-available=1 && kubectl get pdb some',
      stdout:
        /^poddisruptionbudget.policy\/some created\nNAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nsome +1 +N\/A +0/,
    },
    {
      name: 'priority class',
      run: 'kubectl create priorityclass $NS-high --value=1000',
      stdout: /high created$/,
    },
    {
      name: 'ingress',
      run: 'kubectl create ingress door --rule=example.com/=web:80 && kubectl get ingress door',
      stdout:
        /^ingress.networking.k8s.io\/door created\nNAME +CLASS +HOSTS +ADDRESS +PORTS +AGE\ndoor +<none> +example.com +80/,
    },
    {
      name: 'cluster IP service',
      run: 'kubectl create service clusterip inside --tcp=80:8080',
      stdout: 'service/inside created',
    },
    {
      name: 'node port service',
      run: 'kubectl create service nodeport outside --tcp=80 && kubectl get service outside',
      stdout: /outside +NodePort +10\.\S+ +<none> +80:3\d{4}\/TCP/,
    },
    {
      name: 'external name service',
      run: 'kubectl create service externalname other --external-name example.com && kubectl get service other',
      stdout: /other +ExternalName +<none> +example.com +<none>/,
    },
    { name: 'token', run: 'kubectl create token robot', stdout: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/ },
    { name: 'expose', run: 'kubectl expose deployment web --port=80', stdout: 'service/web exposed' },
    {
      name: 'autoscale',
      run: 'kubectl autoscale deployment web --min=1 --max=3 --cpu-percent=80',
      stdout: 'horizontalpodautoscaler.autoscaling/web autoscaled',
    },
    {
      name: 'autoscaler’s columns',
      run: 'kubectl get hpa web',
      stdout:
        /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment\/web +(cpu: )?<unknown>\/80% +1 +3/,
    },
    { name: 'run', run: 'kubectl run one --image=nginx:1.27', stdout: 'pod/one created' },
    {
      name: 'run, only said',
      run: 'kubectl run two --image=nginx --dry-run=client -o jsonpath={.spec.containers[0].image}',
      stdout: 'nginx',
    },
    {
      name: 'dry run on the server',
      run: 'kubectl create configmap ghost --dry-run=server && kubectl get cm ghost',
      exit: 1,
      stdout: 'configmap/ghost created (server dry run)',
      stderr: 'configmaps "ghost" not found',
    },
    {
      name: 'a generated name',
      run: `echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {generateName: some-}}' | kubectl create -f -`,
      stdout: /^configmap\/some-[a-z0-9]{5} created$/,
    },
    ...[
      [
        'network policy',
        'networking.k8s.io/v1',
        'NetworkPolicy',
        'spec: {podSelector: {}}',
        'networkpolicy.networking.k8s.io',
      ],
      [
        'limit range',
        'v1',
        'LimitRange',
        'spec: {limits: [{type: Container, default: {cpu: 100m}}]}',
        'limitrange',
      ],
      [
        'claim',
        'v1',
        'PersistentVolumeClaim',
        'spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
        'persistentvolumeclaim',
      ],
      ['lease', 'coordination.k8s.io/v1', 'Lease', 'spec: {holderIdentity: me}', 'lease.coordination.k8s.io'],
      [
        'endpoint slice',
        'discovery.k8s.io/v1',
        'EndpointSlice',
        'addressType: IPv4, endpoints: []',
        'endpointslice.discovery.k8s.io',
      ],
      [
        'pod template',
        'v1',
        'PodTemplate',
        'template: {spec: {containers: [{name: a, image: a}]}}',
        'podtemplate',
      ],
      [
        'replication controller',
        'v1',
        'ReplicationController',
        'spec: {replicas: 0, selector: {a: b}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}',
        'replicationcontroller',
      ],
      [
        'stateful set',
        'apps/v1',
        'StatefulSet',
        'spec: {replicas: 0, serviceName: s, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}',
        'statefulset.apps',
      ],
      [
        'controller revision',
        'apps/v1',
        'ControllerRevision',
        'revision: 1, data: {a: b}',
        'controllerrevision.apps',
      ],
      [
        'csi storage capacity',
        'storage.k8s.io/v1',
        'CSIStorageCapacity',
        'storageClassName: a',
        'csistoragecapacity.storage.k8s.io',
      ],
    ].map(([name, apiVersion, kind, rest, printed]) => ({
      name: name!,
      run: `echo '---\n{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: made}, ${rest}}' | kubectl create -f -`,
      stdout: `${printed}/made created`,
    })),
  ],
}
