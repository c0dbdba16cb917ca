/** kubectl delete: one, many, propagation, finalizers, namespaces. */
import type { CaseSet } from '../harness.ts'

export const DELETE: CaseSet = {
  name: 'delete',
  isFast: false,
  cases: [
    {
      name: 'one',
      run: 'kubectl create cm a >/dev/null; kubectl delete cm a',
      stdout: /^configmap "a" deleted/,
    },
    { name: 'again', run: 'kubectl delete cm a', exit: 1, stderr: 'configmaps "a" not found' },
    {
      name: 'dry run',
      run: 'kubectl create cm b >/dev/null; kubectl delete cm b --dry-run=server && kubectl get cm b -o name',
      stdout: /^configmap "b" deleted.*\(server dry run\).*\nconfigmap\/b$/,
    },
    {
      name: 'by label',
      run: 'kubectl label cm b x=y >/dev/null; kubectl delete cm -l x=y -o name',
      stdout: 'configmap/b',
    },
    {
      name: 'in the foreground',
      run: 'kubectl create deploy web --image=nginx:1.27 --replicas=2 >/dev/null; kubectl rollout status deploy web --timeout=60s >/dev/null; kubectl delete deploy web --cascade=foreground && kubectl get rs -o name',
      stdout: /^deployment.apps "web" deleted.*$/,
    },
    {
      name: 'orphans',
      run: 'kubectl create deploy left --image=nginx:1.27 --replicas=1 >/dev/null; kubectl rollout status deploy left --timeout=60s >/dev/null; kubectl delete deploy left --cascade=orphan >/dev/null && kubectl get rs -l app=left -o name',
      stdout: /^replicaset.apps\/left-/,
    },
    {
      name: 'what is orphaned has no owner',
      run: "kubectl get rs -l app=left -o jsonpath='{.items[0].metadata.ownerReferences}'",
      stdout: '',
      withinMs: 5000,
    },
    {
      name: 'a finalizer keeps',
      run: `echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: held, finalizers: [example.com/hold]}}' | kubectl create -f - >/dev/null; kubectl delete cm held --wait=false; kubectl get cm held -o jsonpath='{.metadata.finalizers}'`,
      stdout: /deleted.*\n\["example.com\/hold"\]$/,
    },
    {
      name: 'without the finalizer it goes',
      run: `kubectl patch cm held --type=merge -p '{"metadata":{"finalizers":null}}' && kubectl get cm held`,
      exit: 1,
      stderr: 'not found',
    },
    {
      name: 'at once',
      run: 'kubectl run now --image=nginx:1.27 >/dev/null; kubectl delete pod now --now',
      stdout: /^pod "now" deleted/,
    },
    {
      name: 'by force',
      run: 'kubectl run hard --image=nginx:1.27 >/dev/null; kubectl delete pod hard --force --grace-period=0',
      stdout: /^pod "hard" force deleted/,
      stderr: 'mmediate deletion does not wait',
    },
    {
      name: 'everything',
      run: 'kubectl delete all --all >/dev/null && kubectl get all',
      stderr: 'No resources found',
    },
    {
      name: 'a namespace takes all with it',
      run: 'kubectl create ns $NS-x >/dev/null; kubectl create cm a -n $NS-x >/dev/null; kubectl delete ns $NS-x && kubectl get ns $NS-x',
      exit: 1,
      stdout: /^namespace "delete-\d+-x" deleted$/,
      stderr: 'not found',
    },
    {
      name: 'the Service of the API server comes back by itself',
      run: 'kubectl get service kubernetes -n default -o jsonpath={.metadata.uid} > was; kubectl delete service kubernetes -n default --wait=false; for i in $(seq 60); do kubectl get service kubernetes -n default 2>/dev/null -o jsonpath={.metadata.uid} > is && ! cmp -s was is && break; sleep 0.2; done; kubectl get service,endpoints kubernetes -n default 2>/dev/null',
      stdout:
        /^service "kubernetes" deleted.*\n[\s\S]*service\/kubernetes +ClusterIP +10\.96\.0\.1 [\s\S]*endpoints\/kubernetes +\S+:6443/,
    },
  ],
}
