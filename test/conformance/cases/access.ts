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
      run: `openssl req -new -newkey rsa:2048 -nodes -keyout k.pem -subj /O=dev/CN=carl -out c.csr 2>/dev/null; echo "---\n{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: $NS-carl}, spec: {signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], request: $(base64 -w0 c.csr)}}" > r.yml; kubectl create -f r.yml >/dev/null && kubectl certificate approve $NS-carl`,
      stdout: /^certificatesigningrequest.certificates.k8s.io\/access-\d+-carl approved$/,
    },
    {
      name: 'it is signed',
      run: "kubectl get csr $NS-carl --no-headers | awk '{print $NF}' && kubectl get csr $NS-carl -o jsonpath={.status.certificate} | base64 -d > c.pem && openssl x509 -in c.pem -noout -subject",
      stdout: /^Approved,Issued\nsubject=O ?= ?dev, CN ?= ?carl$/,
      withinMs: 5000,
    },
    {
      name: 'the certificate is good at the door',
      run: `${SERVER}kubectl create rolebinding dev --role=reader --group=dev >/dev/null; kubectl --kubeconfig=/dev/null --server=$S --certificate-authority=ca --client-certificate=c.pem --client-key=k.pem auth can-i list pods -n $NS`,
      stdout: 'yes',
      withinMs: 5000,
    },
    {
      name: 'and no more than that',
      run: `${SERVER}kubectl --kubeconfig=/dev/null --server=$S --certificate-authority=ca --client-certificate=c.pem --client-key=k.pem get nodes`,
      exit: 1,
      stderr: 'nodes is forbidden: User "carl" cannot list resource "nodes"',
    },
    {
      name: 'nobody asks for the masters',
      run: `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout m.pem -subj /O=system:masters/CN=eve -out m.csr 2>/dev/null; echo "---\n{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: $NS-eve}, spec: {signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], request: $(base64 -w0 m.csr)}}" | kubectl create -f -`,
      exit: 1,
      stderr: 'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    },
    {
      name: 'approving needs the right to',
      run: 'sed s/-carl/-dan/ r.yml | kubectl create -f - >/dev/null; kubectl create clusterrole $NS-approver --verb=get,update --resource=certificatesigningrequests,certificatesigningrequests/approval >/dev/null; kubectl create clusterrolebinding $NS-approver --clusterrole=$NS-approver --user=ann >/dev/null; kubectl certificate approve $NS-dan --as=ann',
      exit: 1,
      stderr: 'user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"',
      withinMs: 5000,
    },
    {
      name: "a pod's token is the account's",
      run: `${SERVER}kubectl run holder --image=nginx:1.27 >/dev/null; kubectl wait pod/holder --for=condition=Ready --timeout=30s >/dev/null; T=$(kubectl exec holder -- cat /var/run/secrets/kubernetes.io/serviceaccount/token); echo $T > token; kubectl exec holder -- cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt | cmp - ca && curl -s --cacert ca -H "Authorization: Bearer $T" $S/api/v1/pods | grep message`,
      stdout: /User \\"system:serviceaccount:access-\d+:default\\" cannot list resource/,
    },
    {
      name: 'as long as the pod is there',
      run: `${SERVER}kubectl delete pod holder --now >/dev/null; curl -s --cacert ca -H "Authorization: Bearer $(cat token)" $S/api/v1/pods | grep message`,
      stdout: /"message": ?"Unauthorized"/,
    },
    {
      name: 'a token without an end',
      run: `${SERVER}echo "---\n{apiVersion: v1, kind: Secret, metadata: {name: robot, annotations: {kubernetes.io/service-account.name: robot}}, type: kubernetes.io/service-account-token}" | kubectl apply -f - >/dev/null; T=$(kubectl get secret robot -o jsonpath={.data.token} | base64 -d); kubectl --kubeconfig=/dev/null --server=$S --certificate-authority=ca --token=$T auth can-i list pods -n $NS`,
      stdout: 'yes',
      withinMs: 5000,
    },
    {
      name: 'whoever joins knows the cluster',
      run: `${SERVER}curl -s --cacert ca $S/api/v1/namespaces/kube-public/configmaps/cluster-info | grep -c jws-kubeconfig`,
      stdout: /^\d+$/,
    },
    {
      name: 'keys of tokens',
      run: 'kubectl get --raw /openid/v1/jwks && kubectl get --raw /.well-known/openid-configuration',
      stdout:
        /^\{"keys":\[\{"use":"sig","kty":"RSA".*"jwks_uri":"https:\/\/127\.0\.0\.1:\d+\/openid\/v1\/jwks"/s,
    },
  ],
}
