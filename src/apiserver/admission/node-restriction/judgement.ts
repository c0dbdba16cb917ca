/** What NodeRestriction thinks of a request. */
import type { Refusal } from '../plugin.ts'

/** Why a node may not, a 404 for what is not there, or nothing. */
export type Judgement = string | Refusal | undefined
