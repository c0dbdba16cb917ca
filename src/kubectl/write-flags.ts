/** Flags of every command that writes. */
import type { RequestOptions } from '../client/index.ts'
import type { FlagSpec, Flags } from './arguments.ts'
import { KubectlError } from './kubectl-error.ts'

export const WRITE_FLAGS: readonly FlagSpec[] = [
  { name: 'output', short: 'o', type: 'string' },
  { name: 'dry-run', type: 'optional', default: 'unchanged' },
  { name: 'validate', type: 'optional', default: 'strict' },
  { name: 'field-manager', type: 'string' },
  { name: 'show-managed-fields', type: 'boolean' },
]

/** `--dry-run`: undefined for none. Throws KubectlError for values it does not know. */
export function dryRunOf(flags: Flags): 'client' | 'server' | undefined {
  const value = flags.text('dry-run')
  if (value === undefined || value === 'none') return undefined
  if (value === 'client' || value === 'unchanged') return 'client'
  if (value === 'server') return 'server'
  throw new KubectlError(`error: Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
}

/** ` (dry run)` or ` (server dry run)`: what stands after every result of a dry run; '' otherwise. */
export function dryRunSuffix(dryRun: 'client' | 'server' | undefined): string {
  if (dryRun === undefined) return ''
  return dryRun === 'server' ? ' (server dry run)' : ' (dry run)'
}

/** `--validate`: what the server does about unknown fields. Throws KubectlError. */
export function fieldValidationOf(flags: Flags): RequestOptions['fieldValidation'] {
  switch (flags.text('validate')) {
    case undefined:
    case 'strict':
    case 'true':
      return 'Strict'
    case 'warn':
      return 'Warn'
    case 'ignore':
    case 'false':
      return 'Ignore'
    default:
      throw new KubectlError(`error: invalid - validate value ${JSON.stringify(flags.text('validate'))}`)
  }
}
