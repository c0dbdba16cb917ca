/** Every verb. A new one is a file here and a line in the list. */
import type { Command } from '../context.ts'
import { APPLY } from './apply.ts'
import { CREATE } from './create.ts'
import { DELETE } from './delete.ts'
import { GET } from './get.ts'

export const COMMANDS: readonly Command[] = [APPLY, CREATE, DELETE, GET]
