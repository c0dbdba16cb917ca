/**
 * Manifests that others published, unchanged: applied, without difference at once and when all is ready, doing what
 * they are for, and deleted without a trace.
 */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Case, CaseSet } from '../harness.ts'

/** They are not part of this repository. */
const FOLDER = fileURLToPath(new URL('../../../../shared/manifests/', import.meta.url))
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter(name => /\.ya?ml$/.test(name)) : []

/** Everything that can be listed in the namespace `default` and outside of namespaces, save what comes and goes. */
const EVERYTHING = `for one in true false; do
    kinds=$(kubectl api-resources --verbs=list --namespaced=$one -o name | grep -v -e '^events' -e metrics -e componentstatus | paste -sd,)
    kubectl get $kinds -n default -o name
  done 2>/dev/null | sort`

/** Waits for every Deployment, StatefulSet and DaemonSet of a file. */
const rolledOut = (
  path: string,
) => `kubectl get -f ${path} -o jsonpath='{range .items[*]}{.kind} {.metadata.namespace} {.metadata.name}{"\\n"}{end}' |
  while read kind namespace name; do
    case $kind in Deployment|StatefulSet|DaemonSet)
      kubectl rollout status $kind/$name -n $namespace --timeout=50s || exit 1
    esac
  done`

const generations = (path: string) => `kubectl get -f ${path} -o jsonpath='{.items[*].metadata.generation}'`

/** What shows that it works, by file. */
const PROOFS: Readonly<Record<string, Omit<Case, 'name'>>> = {
  'cassandra.yaml': {
    run: 'kubectl exec cassandra-2 -- nodetool status',
    stdout: /^Datacenter: DC1-K8Demo\n[\s\S]*(\nUN +10\.[\s\S]*){3}/,
    withinMs: 10_000,
  },
  'guestbook.yaml': {
    run: `kubectl exec deploy/frontend -- sh -c 'curl -s "localhost/guestbook.php?cmd=set&key=messages&value=hello"; curl -s "localhost/guestbook.php?cmd=get&key=messages"'`,
    stdout: '{"message": "Updated"}{"data": "hello"}',
  },
  'kube-flannel.yaml': {
    run: 'kubectl get pods -n kube-flannel -o jsonpath=\'{range .items[*]}{.status.podIP}{"="}{.status.hostIP}{"\\n"}{end}\'',
    stdout: /^(192\.168\.\d+\.\d+)=\1(\n|$)/,
  },
  'online-boutique.yaml': {
    run: 'kubectl get --raw /api/v1/namespaces/default/services/frontend:80/proxy/ && kubectl logs deploy/loadgenerator -c frontend-check --tail=2',
    stdout: /Online Boutique[\s\S]*Frontend is reachable\./,
  },
  'podinfo-production.yaml': {
    // Without its owner, which keeps one finished Job only.
    run: "kubectl create job warm -n production --from=cronjob/warm-cache --dry-run=client -o yaml | sed '/ownerReferences/,/uid:/d' | kubectl create -f - && kubectl wait job/warm -n production --for=condition=complete --timeout=50s && kubectl logs -n production job/warm -c warm-cache && kubectl delete job warm -n production",
    stdout: /Cache warm verified: cached value matches info[\s\S]*Cache warm finished in \d+s\n/,
  },
}

function casesOf(file: string): Case[] {
  const path = `'${FOLDER}${file}'`
  const proof = PROOFS[file]
  return [
    {
      name: `apply ${file}`,
      run: `( ${EVERYTHING} ) > before; kubectl apply -f ${path}`,
      stdout: / created/,
    },
    { name: `diff ${file} right after`, run: `kubectl diff -f ${path}`, stdout: '' },
    { name: `all of ${file} is rolled out`, run: rolledOut(path), stdout: /(rolled out|complete)/ },
    ...(proof ? [{ name: `${file} does its work`, ...proof }] : []),
    { name: `diff ${file} later`, run: `kubectl diff -f ${path}`, stdout: '' },
    {
      // What the server writes otherwise (`cpu: 2000m` as `2`) is called configured, as by a real one.
      name: `apply ${file} again changes nothing`,
      run: `${generations(path)} > one; kubectl apply -f ${path}; ${generations(path)} | cmp - one`,
      stdout: /^(\S+ (unchanged|configured)(\n|$))+$/,
    },
    {
      // A namespace takes what is in it along after five seconds, of which ten times as many go by here.
      name: `delete ${file}`,
      run: `kubectl delete -f ${path} --timeout=50s --ignore-not-found`,
      stdout: / deleted/,
    },
    {
      name: `nothing is left of ${file}`,
      run: `kubectl get -f ${path} --ignore-not-found; ( ${EVERYTHING} ) > after; diff before after | grep -v persistentvolumeclaim/cassandra-data; kubectl delete pvc --all >/dev/null`,
      stdout: /^([\d,]+[acd][\d,]+\n?)*$/,
      withinMs: 20_000,
    },
  ]
}

export const MANIFESTS: CaseSet = {
  name: 'manifests',
  isFast: false,
  cases: [
    {
      name: 'in the namespace default',
      run: 'kubectl config set-context --current --namespace=default',
      stdout: /modified/,
    },
    ...files.flatMap(casesOf),
  ],
}
