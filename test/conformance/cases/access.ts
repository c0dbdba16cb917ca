/** Who one is and what one may do. */
import type { CaseSet } from '../harness.ts'

const SERVER =
  'S=$(kubectl config view --raw -o jsonpath={.clusters[0].cluster.server}); kubectl config view --raw -o jsonpath={.clusters[0].cluster.certificate-authority-data} | base64 -d > ca; '

export const ACCESS: CaseSet = {
  name: 'access',
  isFast: true,
  cases: [
    {
      name: 'whoami',
      run: 'kubectl auth whoami',
      since: '1.28',
      stdout:
        /^ATTRIBUTE +VALUE\nUsername +kubernetes-admin\nGroups +\[kubeadm:cluster-admins system:authenticated\]/,
    },
    { name: 'the administrator may', run: "kubectl auth can-i '*' '*'", stdout: 'yes' },
    { name: 'nobody may', run: 'kubectl auth can-i list pods --as=ann', exit: 1, stdout: 'no' },
    {
      name: 'is refused',
      run: 'kubectl get pods --as=ann',
      exit: 1,
      stderr:
        /^Error from server \(Forbidden\): pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "access-\d+"/,
    },
    {
      name: 'a role',
      run: 'kubectl create role reader --verb=get,list --resource=pods >/dev/null; kubectl create rolebinding ann --role=reader --user=ann',
      stdout: /created$/,
    },
    {
      name: 'then she may',
      run: 'kubectl auth can-i list pods --as=ann && kubectl get pods --as=ann -o name',
      stdout: 'yes',
      withinMs: 5000,
    },
    { name: 'but not delete', run: 'kubectl auth can-i delete pods --as=ann', exit: 1, stdout: 'no' },
    {
      name: 'nor read a node',
      run: 'kubectl get nodes --as=ann',
      exit: 1,
      stderr:
        'nodes is forbidden: User "ann" cannot list resource "nodes" in API group "" at the cluster scope',
    },
    {
      name: 'list of what she may',
      run: 'kubectl auth can-i --list --as=ann',
      stdout: /^pods +\[\] +\[\] +\[get list\]/m,
    },
    {
      name: 'impersonated group',
      run: 'kubectl auth can-i get nodes --as=bob --as-group=system:masters',
      stdout: 'yes',
    },
    {
      name: 'a token speaks for its account',
      run: `${SERVER}kubectl create sa robot >/dev/null; kubectl create rolebinding robot --role=reader --serviceaccount=$NS:robot >/dev/null; T=$(kubectl create token robot); kubectl --kubeconfig=/dev/null --server=$S --certificate-authority=ca --token=$T auth can-i list pods -n $NS`,
      stdout: 'yes',
      withinMs: 5000,
    },
    {
      name: 'a token that is none',
      run: `${SERVER}kubectl --kubeconfig=/dev/null --server=$S --certificate-authority=ca --token=nonsense get pods`,
      exit: 1,
      stderr: /You must be logged in to the server|Unauthorized/,
    },
    {
      name: 'the anonymous may not',
      run: `${SERVER}curl -s --cacert ca $S/api/v1/pods`,
      stdout:
        /"message": ?"pods is forbidden: User \\"system:anonymous\\" cannot list resource \\"pods\\" in API group \\"\\" at the cluster scope"/,
    },
    { name: 'but ask for health', run: `${SERVER}curl -s --cacert ca $S/livez`, stdout: 'ok' },
    {
      name: 'no escalation by a role',
      run: 'kubectl create role writer --verb=create --resource=roles,rolebindings >/dev/null; kubectl create rolebinding writer --role=writer --user=ann >/dev/null; kubectl create role grab --verb=delete --resource=secrets --as=ann',
      exit: 1,
      stderr:
        /roles.rbac.authorization.k8s.io "grab" is forbidden: user "ann" \(groups=\["system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["secrets"\], Verbs:\["delete"\]\}/,
      withinMs: 5000,
    },
    {
      name: 'nor by a binding',
      run: 'kubectl create rolebinding grab --clusterrole=cluster-admin --user=ann --as=ann',
      exit: 1,
      stderr:
        /rolebindings.rbac.authorization.k8s.io "grab" is forbidden: user "ann" .* is attempting to grant RBAC permissions not currently held/,
    },
    {
      name: 'but what she has she may give',
      run: 'kubectl create rolebinding share --role=reader --user=bob --as=ann',
      stdout: 'rolebinding.rbac.authorization.k8s.io/share created',
    },
    {
      name: 'auth reconcile',
      run: 'kubectl get role reader -o yaml > r.yaml && kubectl auth reconcile -f r.yaml',
      stdout: /role.rbac.authorization.k8s.io\/reader (reconciled|unchanged)/,
    },
    {
      name: 'a review',
      run: `echo '---\n{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: {user: ann, resourceAttributes: {verb: list, resource: pods, namespace: '$NS'}}}' | kubectl create -f - -o jsonpath={.status.allowed}`,
      stdout: 'true',
    },
    {
      name: 'a certificate request',
      run: `openssl req -new -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=carl -out c.csr 2>/dev/null; echo "---\n{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: $NS-carl}, spec: {signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], request: $(base64 -w0 c.csr)}}" | kubectl create -f - >/dev/null && kubectl certificate approve $NS-carl`,
      stdout: /^certificatesigningrequest.certificates.k8s.io\/access-\d+-carl approved$/,
    },
  ],
}
