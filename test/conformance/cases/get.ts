/** kubectl get: columns, output formats, selectors, sorting, watching, chunks. */
import type { CaseSet } from '../harness.ts'

export const GET: CaseSet = {
  name: 'get',
  isFast: true,
  cases: [
    {
      name: 'nothing there',
      run: 'kubectl get pods',
      stdout: '',
      stderr: /No resources found in get-\d+ namespace\./,
    },
    {
      name: 'two config maps',
      run: 'kubectl create configmap one --from-literal=a=1 && kubectl create configmap two --from-literal=a=1 --from-literal=b=2 && kubectl label configmap two tier=back',
      stdout: 'configmap/one created\nconfigmap/two created\nconfigmap/two labeled',
    },
    {
      name: 'columns of config maps',
      run: 'kubectl get configmaps one two',
      stdout: /^NAME +DATA +AGE\none +1 +\S+\ntwo +2 +\S+$/,
    },
    {
      name: 'nodes',
      run: 'kubectl get nodes',
      stdout: /^NAME +STATUS +ROLES +AGE +VERSION\n[\s\S]*Ready +(control-plane|<none>) +\S+ +v1\.33/,
    },
    {
      name: 'nodes, wide',
      run: 'kubectl get nodes -o wide',
      stdout: /INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME/,
    },
    {
      name: 'columns of namespaces',
      run: 'kubectl get namespaces',
      stdout: /^NAME +STATUS +AGE\n[\s\S]*^default +Active/m,
    },
    {
      name: 'columns of services',
      run: 'kubectl get services -n default',
      stdout:
        /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nkubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP/,
    },
    {
      name: 'several kinds at once',
      run: 'kubectl get configmap/one serviceaccount/default',
      stdout: /^NAME +DATA +AGE\nconfigmap\/one +1 +\S+\n\nNAME +SECRETS +AGE\nserviceaccount\/default +0/,
      withinMs: 5000,
    },
    { name: 'names', run: 'kubectl get cm one two -o name', stdout: 'configmap/one\nconfigmap/two' },
    {
      name: 'yaml',
      run: 'kubectl get cm one -o yaml',
      stdout: /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\nmetadata:\n {2}creationTimestamp: "20/,
    },
    {
      name: 'json',
      run: 'kubectl get cm one -o json',
      stdout: /^\{\n {4}"apiVersion": "v1",\n {4}"data": \{\n {8}"a": "1"/,
    },
    {
      name: 'a list in json',
      run: 'kubectl get cm -l tier=back -o json',
      stdout: /"kind": "List",\n {4}"metadata": \{\n {8}"resourceVersion": ""/,
    },
    { name: 'jsonpath', run: "kubectl get cm two -o jsonpath='{.data.b}'", stdout: '2' },
    {
      name: 'go-template',
      run: "kubectl get cm two -o go-template='{{range $k, $v := .data}}{{$k}}={{$v}} {{end}}'",
      stdout: 'a=1 b=2 ',
    },
    {
      name: 'custom columns',
      run: 'kubectl get cm two -o custom-columns=N:.metadata.name,B:.data.b',
      stdout: 'N     B\ntwo   2',
    },
    {
      name: 'label column',
      run: 'kubectl get cm one two -L tier',
      stdout: /^NAME +DATA +AGE +TIER\none +1 +\S+ *\ntwo +2 +\S+ +back$/,
    },
    { name: 'shown labels', run: 'kubectl get cm two --show-labels', stdout: /tier=back$/ },
    { name: 'without headers', run: 'kubectl get cm two --no-headers', stdout: /^two +2 +\S+$/ },
    {
      name: 'label selector',
      run: "kubectl get cm -l 'tier in (back,front)' -o name",
      stdout: 'configmap/two',
    },
    {
      name: 'negative label selector',
      run: "kubectl get cm -l '!tier' --field-selector metadata.name=one -o name",
      stdout: 'configmap/one',
    },
    {
      name: 'field selector',
      run: 'kubectl get cm --field-selector metadata.name=two -o name',
      stdout: 'configmap/two',
    },
    {
      name: 'a field that cannot be selected by',
      run: 'kubectl get cm --field-selector data.a=1',
      exit: 1,
      stderr: '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
    {
      name: 'sorted',
      run: "kubectl get cm one two --sort-by='{.data.b}' -o name",
      stdout: /configmap\/one\nconfigmap\/two|configmap\/two\nconfigmap\/one/,
    },
    { name: 'in chunks', run: 'kubectl get cm -A --chunk-size=2 -o name | grep -c .', stdout: /^[1-9]\d*$/ },
    {
      name: 'everywhere',
      run: 'kubectl get configmaps -A',
      stdout: /^NAMESPACE +NAME +DATA +AGE\n/,
    },
    {
      name: 'by file',
      run: 'kubectl get cm one -o yaml > one.yaml && kubectl get -f one.yaml -o name',
      stdout: 'configmap/one',
    },
    {
      name: 'raw',
      run: 'kubectl get --raw /api/v1/namespaces/$NS/configmaps/one',
      stdout: /"kind":"ConfigMap"/,
    },
    { name: 'watch', run: 'kubectl get cm one -w -o name --request-timeout=2s', stdout: 'configmap/one' },
    {
      name: 'output watch events',
      run: 'timeout 2 kubectl get cm one -w --output-watch-events --no-headers; true',
      stdout: /^ADDED +one +1/,
    },
    { name: 'missing, ignored', run: 'kubectl get cm nothing --ignore-not-found', stdout: '' },
    {
      name: 'describe',
      run: 'kubectl describe cm two',
      stdout: /^Name: +two\nNamespace: +get-\d+\nLabels: +tier=back\nAnnotations: +<none>\n[\s\S]*^a:$/m,
    },
    { name: 'leases', run: 'kubectl get leases -n kube-system', stdout: /^NAME +HOLDER +AGE\n/ },
    {
      name: 'priority classes',
      run: 'kubectl get priorityclasses',
      stdout:
        /^NAME +VALUE +GLOBAL-DEFAULT +AGE( +PREEMPTIONPOLICY)?\n(.*\n)*system-cluster-critical +2000000000 +false/,
    },
    {
      name: 'cluster roles',
      run: 'kubectl get clusterrole cluster-admin',
      stdout: /^NAME +CREATED AT\ncluster-admin +20/,
    },
  ],
}
