/**
 * The cluster that `kubarium serve` serves: of so many nodes, of a configuration file, or a lesson's.
 */
import { readFileSync } from 'node:fs'
import { parseConfiguration } from '../../api/index.ts'
import { ADDONS, type Adapters, Cluster, type ClusterOptions } from '../../cluster/index.ts'
import type { Lesson } from '../../scenario/index.ts'
import { rsaTokenSigner } from '../../server/index.ts'
import { UserError } from '../../sim/index.ts'
import { openLesson } from '../run/play-file.ts'
import { nodeSha256 } from '../sha256.ts'

export interface Wanted {
  readonly nodes?: number
  readonly config?: string
  readonly scenario?: string
  readonly seed?: number
}

interface Parts extends Wanted {
  /** PEM. */
  readonly certificateAuthority: string
}

/** Boots it. `notice` hears what a person should know of it later. Throws UserError. */
export function buildCluster(
  { nodes, config, scenario, seed, certificateAuthority }: Parts,
  notice: (line: string) => void,
): { readonly cluster: Cluster; readonly lesson: Lesson | undefined } {
  const adapters = { sha256: nodeSha256, tokenSigner: rsaTokenSigner(), recordingDropped: notice }
  // Ages and deadlines that real clients work out for themselves are right only if the clocks agree; a whole second,
  // because what a lesson prints begins with one.
  const startMs = Math.floor(Date.now() / 1000) * 1000
  const usual: ClusterOptions = { startMs, managedFields: 'all', authorization: 'RBAC', certificateAuthority }
  if (scenario !== undefined) {
    refuseBoth(nodes !== undefined || config !== undefined, {
      what: 'a scenario brings its own cluster',
      where: '--scenario',
      mend: 'Leave --nodes and --config out.',
    })
    const lesson = openLesson(scenario, seed, { adapters, defaults: usual })
    return { cluster: lesson.cluster, lesson }
  }
  const bySeed = { ...(seed !== undefined && { seed }) }
  if (config === undefined) {
    return withAddons(Cluster.create({ ...usual, nodes: nodes ?? 3, ...bySeed }, adapters))
  }
  refuseBoth(nodes !== undefined, {
    what: 'the nodes are in the configuration',
    where: '--config',
    mend: 'Leave --nodes out.',
  })
  return withAddons(configured(config, { usual, bySeed, adapters }))
}

/** What kubeadm installs; a lesson's cluster has what the lesson says. */
function withAddons(cluster: Cluster): { readonly cluster: Cluster; readonly lesson: undefined } {
  cluster.kubectl('create -f addons.yaml', { 'addons.yaml': ADDONS })
  return { cluster, lesson: undefined }
}

function configured(
  file: string,
  { usual, bySeed, adapters }: { usual: ClusterOptions; bySeed: ClusterOptions; adapters: Adapters },
): Cluster {
  const { value = {}, whereOf } = parseConfiguration(file, readText(file))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError('a configuration is a mapping', {
      where: whereOf(''),
      mend: 'Write `nodes: 3`, for example.',
    })
  }
  try {
    return Cluster.create({ ...usual, ...value, ...bySeed }, adapters)
  } catch (error) {
    if (!(error instanceof UserError) || error.where !== undefined) throw error
    const [path = ''] = /^cluster[\w.[\]]*/.exec(error.message) ?? []
    const [, unknown = ''] = / has no field "([^"]*)"/.exec(error.message) ?? []
    throw new UserError(error.message.replace(/^cluster\./, ''), {
      where: whereOf(`${path.replace(/^cluster/, '')}.${unknown}`),
      mend: error.mend,
      cause: error,
    })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UserError(`${file} cannot be read (${code})`, {
      where: '--config',
      mend: 'Name a YAML or JSON file.',
    })
  }
}

function refuseBoth(
  isSo: boolean,
  { what, where, mend }: { what: string; where: string; mend: string },
): void {
  if (isSo) throw new UserError(what, { where, mend })
}
