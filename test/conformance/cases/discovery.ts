/** What the server says it has: api-resources, api-versions, version, explain, raw paths. */
import type { CaseSet } from '../harness.ts'

export const DISCOVERY: CaseSet = {
  name: 'discovery',
  isFast: true,
  cases: [
    {
      name: 'the system, as kubeadm leaves it',
      run: 'kubectl get deployments,daemonsets,services -n kube-system',
      stdout:
        /deployment\.apps\/coredns +2\/2 [\s\S]*daemonset\.apps\/kube-proxy +(\d+) +\1 +\1 [\s\S]*service\/kube-dns +ClusterIP +10\.96\.0\.10 +<none> +53\/UDP,53\/TCP,9153\/TCP/,
      withinMs: 20_000,
    },
    {
      name: 'cluster-info knows the DNS',
      run: 'kubectl cluster-info',
      stdout: /control plane[\s\S]*CoreDNS[\s\S]*kube-system\/services\/kube-dns:dns\/proxy/,
    },
    { name: 'version', run: 'kubectl version', stdout: /Server Version: (version.Info\{.*)?v1\.33\.0/ },
    {
      name: 'api-versions',
      run: 'kubectl api-versions',
      stdout: /^admissionregistration.k8s.io\/v1$[\s\S]*^apps\/v1$[\s\S]*^v1$/m,
    },
    {
      name: 'api-resources has short names, versions and kinds',
      run: 'kubectl api-resources',
      stdout: /^deployments +deploy +apps\/v1 +true +Deployment$/m,
    },
    {
      name: 'api-resources with verbs and categories',
      run: 'kubectl api-resources -o wide --api-group=apps',
      stdout:
        /^statefulsets +sts +apps\/v1 +true +StatefulSet +create,delete,deletecollection,get,list,patch,update,watch +all$/m,
    },
    {
      name: 'api-resources of one category',
      run: 'kubectl api-resources --categories=all -o name | sort | tr "\\n" " "',
      stdout:
        /^cronjobs.batch daemonsets.apps deployments.apps horizontalpodautoscalers.autoscaling jobs.batch pods replicasets.apps replicationcontrollers services statefulsets.apps ?$/,
    },
    {
      name: 'cluster-scoped resources',
      run: 'kubectl api-resources --namespaced=false -o name',
      stdout: /^nodes$[\s\S]*^clusterroles.rbac.authorization.k8s.io$/m,
    },
    {
      name: 'every group of 1.33 is there',
      run: `kubectl get --raw /apis | tr '{' '\\n' | grep -o '"name":"[^"]*"' | cut -d'"' -f4 | sort | tr '\\n' ' '`,
      stdout:
        /admissionregistration.k8s.io apiextensions.k8s.io apiregistration.k8s.io apps authentication.k8s.io authorization.k8s.io autoscaling batch certificates.k8s.io coordination.k8s.io discovery.k8s.io events.k8s.io flowcontrol.apiserver.k8s.io (metrics.k8s.io )?networking.k8s.io node.k8s.io policy rbac.authorization.k8s.io scheduling.k8s.io storage.k8s.io/,
    },
    { name: 'cluster-info', run: 'kubectl cluster-info', stdout: /Kubernetes control plane.* is running at/ },
    {
      name: 'explain a kind',
      run: 'kubectl explain deployment',
      stdout:
        /^KIND: +Deployment\nVERSION: +(apps\/)?v1[\s\S]*Deployment enables declarative updates for Pods and ReplicaSets\.[\s\S]*spec\t<DeploymentSpec>/m,
    },
    {
      name: 'explain a field',
      run: 'kubectl explain pod.spec.restartPolicy',
      stdout: /Restart policy for all containers within the pod\./,
    },
    {
      name: 'explain all below a field',
      run: 'kubectl explain pod.spec.containers --recursive',
      stdout:
        /^FIELDS:\n {2}args\t<\[\]string>[\s\S]*^ {2}env\t<\[\]EnvVar>\n {4}name\t<string> -required-[\s\S]*workingDir/m,
    },
    {
      name: 'explain lists enums',
      run: 'kubectl explain service.spec.type',
      stdout: /ExternalName/,
    },
    {
      name: 'explain what is not there',
      run: 'kubectl explain pod.spec.nothing',
      exit: 1,
      stderr: 'field "nothing" does not exist',
    },
    {
      name: 'explain of another version',
      run: 'kubectl explain hpa --api-version=autoscaling/v1',
      stdout: /VERSION: +(autoscaling\/)?v1/,
    },
    { name: 'healthz', run: 'kubectl get --raw /healthz', stdout: 'ok' },
    {
      name: 'readyz, all of it',
      run: "kubectl get --raw '/readyz?verbose'",
      stdout: /\[\+\]etcd ok[\s\S]*readyz check passed/,
    },
    {
      name: 'metrics',
      run: 'kubectl get --raw /metrics',
      stdout: /^# TYPE apiserver_request_total counter$/m,
    },
    {
      name: 'component statuses',
      run: 'kubectl get componentstatuses',
      stdout: /etcd-0 +Healthy/,
      stderr: 'deprecated',
    },
    {
      name: 'OpenAPI v2 as JSON',
      run: 'kubectl get --raw /openapi/v2 | head -c 16',
      stdout: '{"swagger":"2.0"',
    },
    {
      name: 'OpenAPI v3',
      run: 'kubectl get --raw /openapi/v3',
      stdout: /"apis\/apps\/v1":\{"serverRelativeURL":"\/openapi\/v3\/apis\/apps\/v1\?hash=/,
    },
  ],
}
