/** Every verb. A new one is a file here and a line in the list. */
import type { Command, RefusedCommand } from '../context.ts'
import { ANNOTATE } from './annotate.ts'
import { API_RESOURCES, API_VERSIONS } from './api-resources.ts'
import { APPLY } from './apply.ts'
import { AUTH_CAN_I, AUTH_WHOAMI } from './auth.ts'
import { AUTOSCALE } from './autoscale.ts'
import { CONFIG_CURRENT_CONTEXT, CONFIG_GET_CONTEXTS, CONFIG_VIEW } from './config.ts'
import { CORDON, UNCORDON } from './cordon.ts'
import { CREATE } from './create.ts'
import { DELETE } from './delete.ts'
import { DESCRIBE } from './describe.ts'
import { DRAIN } from './drain.ts'
import { EVENTS } from './events.ts'
import { EXEC } from './exec.ts'
import { EXPOSE } from './expose.ts'
import { GET } from './get.ts'
import { LABEL } from './label.ts'
import { LOGS } from './logs.ts'
import { PATCH } from './patch.ts'
import { REFUSED } from './refused.ts'
import { ROLLOUT_PAUSE, ROLLOUT_RESTART, ROLLOUT_RESUME } from './rollout-change.ts'
import { ROLLOUT_HISTORY } from './rollout-history.ts'
import { ROLLOUT_STATUS } from './rollout-status.ts'
import { ROLLOUT_UNDO } from './rollout-undo.ts'
import { RUN } from './run.ts'
import { SCALE } from './scale.ts'
import { SET_IMAGE } from './set-image.ts'
import { TAINT } from './taint.ts'
import { TOP_NODE, TOP_POD } from './top.ts'
import { CLUSTER_INFO, VERSION } from './version.ts'
import { WAIT } from './wait.ts'

export const COMMANDS: readonly (Command | RefusedCommand)[] = [
  ANNOTATE,
  API_RESOURCES,
  API_VERSIONS,
  APPLY,
  AUTH_CAN_I,
  AUTH_WHOAMI,
  AUTOSCALE,
  CLUSTER_INFO,
  CONFIG_CURRENT_CONTEXT,
  CONFIG_GET_CONTEXTS,
  CONFIG_VIEW,
  CORDON,
  CREATE,
  DELETE,
  DESCRIBE,
  DRAIN,
  EVENTS,
  EXEC,
  EXPOSE,
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
  RUN,
  SCALE,
  SET_IMAGE,
  TAINT,
  TOP_NODE,
  TOP_POD,
  UNCORDON,
  VERSION,
  WAIT,
  ...REFUSED,
]
