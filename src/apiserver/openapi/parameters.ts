/** The query parameters of the API's operations, by what is done. kubectl looks for dryRun and fieldValidation. */

/** One parameter of a query. */
export interface QueryParameter {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'integer'
  readonly description: string
}

const text = (name: string, description: string): QueryParameter => ({ name, type: 'string', description })
const flag = (name: string, description: string): QueryParameter => ({ name, type: 'boolean', description })
const count = (name: string, description: string): QueryParameter => ({ name, type: 'integer', description })

const PRETTY = text('pretty', "If 'true', then the output is pretty printed.")
const DRY_RUN = text(
  'dryRun',
  'When present, indicates that modifications should not be persisted. Valid values are: All, which processes every dry run stage.',
)
const MANAGER = text(
  'fieldManager',
  'The name of the actor or entity that makes these changes: at most 128 printable characters.',
)
const VALIDATION = text(
  'fieldValidation',
  'What the server does with objects that have unknown or duplicate fields: Ignore, Warn or Strict.',
)
const VERSION = text(
  'resourceVersion',
  'A constraint on what resource versions a request may be served from.',
)
const SELECTION = [
  text('continue', 'The continue token of the list that this one goes on with.'),
  text('fieldSelector', 'A selector to restrict the list of returned objects by their fields.'),
  text('labelSelector', 'A selector to restrict the list of returned objects by their labels.'),
  count('limit', 'The maximum number of responses to return for a list call.'),
  VERSION,
  text('resourceVersionMatch', 'How resourceVersion is applied to list calls: Exact or NotOlderThan.'),
  flag(
    'sendInitialEvents',
    'With watch, begins with synthetic events for the state of all objects, and a bookmark.',
  ),
  count('timeoutSeconds', 'Ends the list or watch call after this time, whatever happens.'),
]
const REMOVAL = [
  DRY_RUN,
  count('gracePeriodSeconds', 'The seconds before the object is deleted; zero deletes immediately.'),
  flag(
    'ignoreStoreReadErrorWithClusterBreakingPotential',
    'Deletes an object although it cannot be read from storage.',
  ),
  flag('orphanDependents', 'Deprecated: use propagationPolicy.'),
  text(
    'propagationPolicy',
    'Whether and how garbage collection is performed: Orphan, Background or Foreground.',
  ),
]
const CHANGE = [DRY_RUN, MANAGER, VALIDATION]

/** By the action of `x-kubernetes-action`. */
export const QUERY: Readonly<Record<string, readonly QueryParameter[]>> = {
  get: [PRETTY],
  list: [
    PRETTY,
    flag('allowWatchBookmarks', 'Asks for watch events of type BOOKMARK.'),
    ...SELECTION,
    flag('watch', 'Watch for changes to the described resources and return them as a stream.'),
  ],
  post: [PRETTY, ...CHANGE],
  put: [PRETTY, ...CHANGE],
  patch: [PRETTY, ...CHANGE, flag('force', 'Apply takes over fields that others manage.')],
  delete: [PRETTY, ...REMOVAL],
  deletecollection: [PRETTY, ...SELECTION, ...REMOVAL],
  connect: [],
}
