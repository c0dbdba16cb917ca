/** Every verb of `$ sim`. A new one is a file here and a line in the list. */
import { ADD } from './add.ts'
import { ADVANCE } from './advance.ts'
import { ALWAYS } from './always.ts'
import { CRASH } from './crash.ts'
import { CUT } from './cut.ts'
import { EXPECT } from './expect.ts'
import { EXPLAIN } from './explain.ts'
import { HEAL } from './heal.ts'
import { RECOVER } from './recover.ts'
import { REQUEST } from './request.ts'
import { SLOW } from './slow.ts'
import type { Verb } from './verb.ts'
import { WAIT } from './wait.ts'
import { WHY } from './why.ts'

export const VERBS: readonly Verb[] = [
  ADD,
  ADVANCE,
  ALWAYS,
  CRASH,
  CUT,
  EXPECT,
  EXPLAIN,
  HEAL,
  RECOVER,
  REQUEST,
  SLOW,
  WAIT,
  WHY,
]
