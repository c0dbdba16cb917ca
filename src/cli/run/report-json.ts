/** Results for programs: one JSON document. */
import { failuresOf, outcomeOf } from './outcome.ts'
import type { FileResult } from './play-file.ts'
import { summariseAll, summariseFile } from './trace-line.ts'

/** The document's text. Times are ms; virtual times are counted from the cluster's beginning. */
export function toJson(results: readonly FileResult[], wallMs: number): string {
  const document = { files: results.map(fileToJson), trace: summariseAll(results, wallMs) }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function fileToJson(result: FileResult) {
  const { lesson, error } = result
  const startMs = lesson?.cluster.sim.startMs ?? 0
  return {
    file: result.file,
    title: result.title,
    outcome: outcomeOf(result),
    ...(error && { error: { name: error.name, message: String(error) } }),
    seed: lesson?.cluster.sim.seed,
    failures: failuresOf(result).map(({ where, expected, actual }) => ({ where, expected, actual })),
    steps: (lesson?.results ?? []).map(({ step, output, failure, startedMs, endedMs }) => ({
      type: step.type,
      line: step.line,
      ...(step.type === 'command' && { command: step.text }),
      ...(output !== '' && { output }),
      ok: failure === undefined,
      startedVirtualMs: startedMs - startMs,
      endedVirtualMs: endedMs - startMs,
    })),
    trace: summariseFile(result),
  }
}
