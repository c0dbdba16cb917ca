/** Custom resources: definitions, columns, pruning, defaults, CEL, scale and status, explain; policies in CEL. */
import type { CaseSet } from '../harness.ts'

const CRD = `kubectl apply -f - <<E
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.$NS.example.com}
spec:
  group: $NS.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct$NS]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    additionalPrinterColumns: [{name: Spec, type: string, jsonPath: .spec.cronSpec}, {name: Replicas, type: integer, jsonPath: .spec.replicas}]
    schema:
      openAPIV3Schema:
        type: object
        description: CronTab runs things.
        properties:
          spec:
            type: object
            required: [cronSpec]
            x-kubernetes-validations: [{rule: "self.replicas < 10", message: "too many"}]
            properties:
              cronSpec: {type: string, description: When to run.}
              replicas: {type: integer, default: 1, minimum: 0}
          status: {type: object, properties: {replicas: {type: integer}}}
E
`
const POLICY = `kubectl apply -f - <<E
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: $NS}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
  validations: [{expression: "object.metadata.name != 'bad-$NS'", message: "bad name"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: $NS}
spec: {policyName: $NS, validationActions: [Deny]}
E`

const make = (name: string, spec: string) =>
  `echo "---\n{apiVersion: $NS.example.com/v1, kind: CronTab, metadata: {name: ${name}}, spec: ${spec}}" | kubectl create --validate=ignore -f -`

export const CUSTOM: CaseSet = {
  name: 'custom',
  isFast: true,
  cases: [
    {
      name: 'a definition',
      run: CRD,
      stdout: /^customresourcedefinition.apiextensions.k8s.io\/crontabs.*created$/,
    },
    {
      name: 'is established',
      run: 'kubectl wait crd/crontabs.$NS.example.com --for=condition=Established --timeout=20s',
      stdout: /condition met$/,
    },
    {
      name: 'is listed',
      run: 'kubectl api-resources --api-group=$NS.example.com --no-headers',
      stdout: /^crontabs +ctcustom-\d+ +custom-\d+.example.com\/v1 +true +CronTab$/,
    },
    {
      name: 'make one',
      run: make('a', "{cronSpec: '* * * * *', more: 1}"),
      stdout: /^crontab\.custom-\d+\.example\.com\/a created$/,
    },
    {
      name: 'columns',
      run: 'kubectl get crontabs',
      stdout: /^NAME +SPEC +REPLICAS *\na +\* \* \* \* \* +1 *$/,
    },
    {
      name: 'defaulted and pruned',
      run: "kubectl get crontab a -o jsonpath='{.spec}'",
      stdout: '{"cronSpec":"* * * * *","replicas":1}',
    },
    { name: 'short name', run: 'kubectl get ct$NS -o name', stdout: /crontab\.custom-\d+\.example\.com\/a/ },
    {
      name: 'a field is required',
      run: make('b', '{replicas: 1}'),
      exit: 1,
      stderr: 'spec.cronSpec: Required value',
    },
    {
      name: 'a bound',
      run: make('b', '{cronSpec: a, replicas: -1}'),
      exit: 1,
      stderr: 'spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0',
    },
    { name: 'a rule in CEL', run: make('b', '{cronSpec: a, replicas: 10}'), exit: 1, stderr: 'too many' },
    {
      name: 'scale',
      run: 'kubectl scale crontab a --replicas=3 && kubectl get crontab a -o jsonpath={.spec.replicas}',
      stdout: /scaled\n3$/,
    },
    {
      name: 'status',
      run: `kubectl patch crontab a --subresource=status --type=merge -p '{"status":{"replicas":2}}' && kubectl get crontab a -o jsonpath={.status.replicas}`,
      stdout: /patched\n2$/,
    },
    {
      name: 'explain',
      run: 'kubectl explain crontab.spec',
      stdout: /cronSpec\t<string> -required-\n +When to run\./,
      withinMs: 5000,
    },
    {
      name: 'apply',
      run: `echo "---\n{apiVersion: $NS.example.com/v1, kind: CronTab, metadata: {name: c}, spec: {cronSpec: x}}" > ct.yaml; kubectl apply -f ct.yaml && kubectl apply -f ct.yaml && kubectl diff -f ct.yaml`,
      stdout: /c created\ncrontab.*c unchanged$/,
    },
    {
      name: 'no strategic merge',
      run: `kubectl patch crontab a --type=strategic -p '{"spec":{"replicas":1}}'`,
      exit: 1,
      stderr: /application\/strategic-merge-patch\+json is not supported|UnsupportedMediaType/,
    },
    { name: 'an admission policy in CEL', run: POLICY, stdout: /created$/ },
    {
      name: 'refuses',
      run: 'kubectl create cm bad-$NS --dry-run=server',
      exit: 1,
      stderr: 'denied request: bad name',
      withinMs: 5000,
    },
    {
      name: 'the definition goes',
      run: 'kubectl delete crd crontabs.$NS.example.com >/dev/null; kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding $NS >/dev/null 2>&1; kubectl get crontabs',
      exit: 1,
      stderr: /the server (doesn't have a resource type|could not find)/,
      withinMs: 5000,
    },
  ],
}
