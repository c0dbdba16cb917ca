/** kubectl apply, diff, patch and their relatives: client-side and server-side, conflicts, every type of patch. */
import type { CaseSet } from '../harness.ts'

const DEPLOYMENT = `cat > web.yaml <<'E'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx:1.26, ports: [{containerPort: 80}]}
E
`

export const APPLY: CaseSet = {
  name: 'apply',
  isFast: true,
  cases: [
    {
      name: 'apply makes',
      run: `${DEPLOYMENT}kubectl apply -f web.yaml`,
      stdout: 'deployment.apps/web created',
    },
    { name: 'apply again', run: 'kubectl apply -f web.yaml', stdout: 'deployment.apps/web unchanged' },
    { name: 'diff of nothing', run: 'kubectl diff -f web.yaml', stdout: '' },
    {
      name: 'diff of a change',
      run: "sed -i 's/nginx:1.26/nginx:1.27/' web.yaml; kubectl diff -f web.yaml",
      exit: 1,
      stdout: /^-.*image: nginx:1\.26\n\+.*image: nginx:1\.27$/m,
    },
    { name: 'apply changes', run: 'kubectl apply -f web.yaml', stdout: 'deployment.apps/web configured' },
    {
      name: 'apply takes away what it brought',
      run: "sed -i 's/name: web, labels: {app: web}/name: web/' web.yaml; kubectl apply -f web.yaml && kubectl get deploy web -o jsonpath='{.metadata.labels}'",
      stdout: 'deployment.apps/web configured',
    },
    {
      name: 'view-last-applied',
      run: 'kubectl apply view-last-applied deploy/web -o json | grep -c nginx:1.27',
      stdout: '1',
    },
    {
      name: 'the dry run of an apply',
      run: 'kubectl apply -f web.yaml --dry-run=server',
      stdout: 'deployment.apps/web unchanged (server dry run)',
    },
    {
      name: 'strategic merge patch',
      run: `kubectl patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"busybox"}]}}}}' && kubectl get deploy web -o jsonpath='{.spec.template.spec.containers[*].name}'`,
      stdout: 'deployment.apps/web patched\nside web',
    },
    {
      name: 'json patch',
      run: `kubectl patch deploy web --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0"}]'`,
      stdout: 'deployment.apps/web patched',
    },
    {
      name: 'merge patch',
      run: `kubectl patch deploy web --type=merge -p '{"spec":{"paused":true}}'`,
      stdout: 'deployment.apps/web patched',
    },
    {
      name: 'a patch that changes nothing',
      run: `kubectl patch deploy web --type=merge -p '{"spec":{"paused":true}}'`,
      stdout: 'deployment.apps/web patched (no change)',
    },
    {
      name: 'patch of a subresource',
      run: `kubectl patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'`,
      stdout: /patched/,
    },
    {
      name: 'server-side apply makes',
      run: `echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: ours}, data: {a: "1"}}' > cm.yaml; kubectl apply --server-side -f cm.yaml`,
      stdout: 'configmap/ours serverside-applied',
    },
    {
      name: 'managed fields',
      run: "kubectl get cm ours --show-managed-fields -o jsonpath='{.metadata.managedFields[*].manager} {.metadata.managedFields[*].operation}'",
      stdout: 'kubectl Apply',
    },
    {
      name: 'server-side conflict',
      run: `echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: ours}, data: {a: "2"}}' | kubectl apply --server-side --field-manager=other -f -`,
      exit: 1,
      stderr: /Apply failed with 1 conflict: conflict with "kubectl": \.data\.a/,
    },
    {
      name: 'server-side force',
      run: `echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: ours}, data: {a: "2"}}' | kubectl apply --server-side --field-manager=other --force-conflicts -f -`,
      stdout: 'configmap/ours serverside-applied',
    },
    {
      name: 'server-side diff',
      run: 'kubectl diff --server-side --force-conflicts -f cm.yaml',
      exit: 1,
      stdout: /^-.*a: "2"\n\+.*a: "1"$/m,
    },
    { name: 'label', run: 'kubectl label cm ours tier=back', stdout: 'configmap/ours labeled' },
    {
      name: 'label again',
      run: 'kubectl label cm ours tier=front',
      exit: 1,
      stderr: "'tier' already has a value (back), and --overwrite is false",
    },
    { name: 'label taken away', run: 'kubectl label cm ours tier-', stdout: 'configmap/ours unlabeled' },
    // Before 1.28 kubectl left out the d.
    { name: 'annotate', run: 'kubectl annotate cm ours a=b', stdout: /^configmap\/ours annotated?$/ },
    {
      name: 'set image',
      run: 'kubectl set image deploy/web web=nginx:1.28',
      stdout: 'deployment.apps/web image updated',
    },
    { name: 'set env', run: 'kubectl set env deploy/web A=b', stdout: 'deployment.apps/web env updated' },
    {
      name: 'set resources',
      run: 'kubectl set resources deploy/web --limits=cpu=200m',
      stdout: 'deployment.apps/web resource requirements updated',
    },
    {
      name: 'replace',
      run: `kubectl get cm ours -o json | sed 's/"a": "2"/"a": "3"/' | kubectl replace -f -`,
      stdout: 'configmap/ours replaced',
    },
    {
      name: 'replace of what has changed',
      run: `kubectl get cm ours -o json | sed 's/"resourceVersion": ".*"/"resourceVersion": "1"/' | kubectl replace -f -`,
      exit: 1,
      stderr: 'Operation cannot be fulfilled on configmaps "ours": the object has been modified',
    },
    {
      name: 'edit',
      run: 'EDITOR="sed -i s/nginx:1.28/nginx:1.29/" kubectl edit deploy web',
      stdout: 'deployment.apps/web edited',
    },
    {
      name: 'apply with prune',
      run: `echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: gone, labels: {set: x}}}' | kubectl apply -f - && echo '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: stays, labels: {set: x}}}' | kubectl apply --prune -l set=x --prune-allowlist=core/v1/ConfigMap -f -`,
      stdout: 'configmap/gone created\nconfigmap/stays created\nconfigmap/gone pruned',
    },
    {
      name: 'kustomize',
      run: `mkdir -p all; cp cm.yaml all; printf 'resources: [cm.yaml]\\nnamePrefix: k-\\n' > all/kustomization.yaml; kubectl apply -k all`,
      stdout: 'configmap/k-ours created',
    },
  ],
}
