/** Nodes: cordon, drain under a disruption budget, taints. They change the cluster, and put it back. */
import type { CaseSet } from '../harness.ts'

const NODE = "N=$(kubectl get pods -l app=web -o jsonpath='{.items[0].spec.nodeName}'); "
const DRAIN = 'kubectl drain $N --ignore-daemonsets --delete-emptydir-data --force --pod-selector=app=web'

export const NODES: CaseSet = {
  name: 'nodes',
  isFast: false,
  cases: [
    {
      name: 'two pods',
      run: 'kubectl create deploy web --image=nginx:1.27 --replicas=2 >/dev/null; kubectl rollout status deploy web --timeout=60s',
      stdout: /successfully rolled out/,
    },
    {
      name: 'cordon',
      run: `${NODE}kubectl cordon $N && kubectl get node $N --no-headers && kubectl uncordon $N`,
      stdout: /cordoned\n\S+ +Ready,SchedulingDisabled[\s\S]*uncordoned$/,
    },
    {
      name: 'taint',
      run: `${NODE}kubectl taint node $N a=b:NoSchedule && kubectl taint node $N a-`,
      stdout: /^node\/\S+ tainted\nnode\/\S+ untainted$/,
    },
    {
      name: 'a budget keeps',
      run: `kubectl create pdb all --selector=app=web --min-available=2 >/dev/null; sleep 2; ${NODE}${DRAIN} --timeout=3s; code=$?; kubectl uncordon $N >/dev/null; exit $code`,
      exit: 1,
      stderr: "Cannot evict pod as it would violate the pod's disruption budget.",
    },
    {
      name: 'drain',
      run: `kubectl delete pdb all >/dev/null; ${NODE}${DRAIN} --timeout=50s; code=$?; kubectl uncordon $N >/dev/null; exit $code`,
      stdout: /drained$/,
    },
  ],
}
