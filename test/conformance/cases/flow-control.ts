/** Which priority level a request is put into, and what becomes of it there. */
import type { CaseSet } from '../harness.ts'

/** For a user of this set and this kubectl's alone. */
const schema = (level: string) => `kubectl apply -f - <<END
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata:
  name: $NS
spec:
  matchingPrecedence: 500
  priorityLevelConfiguration:
    name: ${level}
  rules:
  - subjects:
    - kind: User
      user:
        name: $NS
    resourceRules:
    - verbs: ["*"]
      apiGroups: ["*"]
      resources: ["*"]
      namespaces: ["*"]
END`

export const FLOW_CONTROL: CaseSet = {
  name: 'flow-control',
  isFast: true,
  cases: [
    {
      name: 'the answer says which schema and level',
      run: 'for kind in flowschema prioritylevelconfiguration; do kubectl get $kind global-default -o jsonpath="{.metadata.uid} "; done; kubectl get pods -v=8 2>&1 | sed -En "s/.*X-Kubernetes-Pf-[a-z]*-Uid: //Ip" | tr "\\n" " "',
      stdout: /^(\S+) (\S+) \1 \2 $/,
    },
    {
      name: 'levels are dumped',
      run: 'kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels',
      stdout:
        /^PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests, .*\ncatch-all, {9}0, .*\nexempt, .*\nglobal-default, {4}1, {12}false, {2}false, /,
    },
    {
      name: 'the request itself is among those that execute',
      run: 'kubectl get --raw /debug/api_priority_and_fairness/dump_requests',
      stdout: /\nglobal-default, +global-default, +\d+, +-1, +kubernetes-admin, /,
    },
    { name: 'a schema without its level', run: schema('nowhere'), stdout: /created$/ },
    {
      name: 'is dangling',
      run: 'kubectl get flowschema $NS',
      stdout: /MISSINGPL\n\S+ +nowhere +500 +<none> +\S+ +True$/,
      withinMs: 5000,
    },
    { name: 'one of another level', run: schema('workload-low'), stdout: /configured$/ },
    {
      name: 'is not',
      run: 'kubectl get flowschema $NS',
      stdout: /\n\S+ +workload-low +500 +<none> +\S+ +False$/,
      withinMs: 5000,
    },
    {
      name: 'what its user asks for is counted there',
      run: 'kubectl get pods --as=$NS >/dev/null 2>&1; kubectl get --raw /metrics | grep -F "apiserver_flowcontrol_dispatched_requests_total{priority_level=\\"workload-low\\",flow_schema=\\"$NS\\"}"',
      stdout: / [1-9]\d*$/,
    },
    { name: 'it goes', run: 'kubectl delete flowschema $NS', stdout: /deleted$/ },
  ],
}
