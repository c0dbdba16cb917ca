/** Manifests that others published, unchanged: applied, without difference, and deleted again. */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Case, CaseSet } from '../harness.ts'

/** They are not part of this repository. */
const FOLDER = fileURLToPath(new URL('../../../../shared/manifests/', import.meta.url))
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter(name => /\.ya?ml$/.test(name)) : []

function casesOf(file: string): Case[] {
  const path = `'${FOLDER}${file}'`
  return [
    { name: `apply ${file}`, run: `kubectl apply -f ${path}`, stdout: / created/ },
    { name: `diff ${file}`, run: `kubectl diff -f ${path}`, stdout: '', withinMs: 10_000 },
    { name: `delete ${file}`, run: `kubectl delete -f ${path} --timeout=50s`, stdout: / deleted/ },
    {
      name: `nothing is left of ${file}`,
      run: `kubectl get -f ${path} --ignore-not-found`,
      stdout: '',
      withinMs: 10_000,
    },
  ]
}

export const MANIFESTS: CaseSet = { name: 'manifests', isFast: false, cases: files.flatMap(casesOf) }
