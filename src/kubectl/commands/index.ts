/** Every verb. A new one is a file here and a line in the list. */
import type { Command } from '../context.ts'
import { ANNOTATE } from './annotate.ts'
import { APPLY } from './apply.ts'
import { CORDON, UNCORDON } from './cordon.ts'
import { CREATE } from './create.ts'
import { DELETE } from './delete.ts'
import { DESCRIBE } from './describe.ts'
import { DRAIN } from './drain.ts'
import { EXEC } from './exec.ts'
import { GET } from './get.ts'
import { LABEL } from './label.ts'
import { LOGS } from './logs.ts'
import { PATCH } from './patch.ts'
import { ROLLOUT_PAUSE, ROLLOUT_RESTART, ROLLOUT_RESUME } from './rollout-change.ts'
import { ROLLOUT_HISTORY } from './rollout-history.ts'
import { ROLLOUT_STATUS } from './rollout-status.ts'
import { ROLLOUT_UNDO } from './rollout-undo.ts'
import { SCALE } from './scale.ts'
import { SET_IMAGE } from './set-image.ts'
import { TAINT } from './taint.ts'
import { WAIT } from './wait.ts'

export const COMMANDS: readonly Command[] = [
  ANNOTATE,
  APPLY,
  CORDON,
  CREATE,
  DELETE,
  DESCRIBE,
  DRAIN,
  EXEC,
  GET,
  LABEL,
  LOGS,
  PATCH,
  ROLLOUT_HISTORY,
  ROLLOUT_PAUSE,
  ROLLOUT_RESTART,
  ROLLOUT_RESUME,
  ROLLOUT_STATUS,
  ROLLOUT_UNDO,
  SCALE,
  SET_IMAGE,
  TAINT,
  UNCORDON,
  WAIT,
]
