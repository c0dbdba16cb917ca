/**
 * What a person types: finds the command and hands over. Only the command's own code is loaded, so that a short run
 * stays short. No `await` stands outside a function, as the compiled program (start.ts) is no module.
 */
import { Command, CommanderError } from 'commander'
import { COMMANDS } from './commands/index.ts'
import { tuneEngine } from './engine.ts'
import { EXIT } from './exit-codes.ts'
import { version } from './version.ts'

main(process.argv.slice(2)).then(code => {
  process.exitCode = code
})

async function main(words: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.held)
    throw error
  })
  const [name] = words
  const known = COMMANDS.find(command => command.name === name)
  if (name !== undefined && !known && !name.startsWith('-')) {
    return refuse(`there is no command ${JSON.stringify(name)}; kubarium --help lists them`)
  }
  try {
    const program = newProgram()
    for (const command of known ? [known] : COMMANDS) (await command.load())(program)
    tuneEngine()
    await program.parseAsync([...words], { from: 'user' })
    return Number(process.exitCode ?? EXIT.held)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.unusable
    const { reportError } = await import('./report-error.ts')
    return reportError(error)
  }
}

function newProgram(): Command {
  return new Command('kubarium')
    .description('A Kubernetes cluster behind glass. Without a command: a demonstration lesson.')
    .version(version())
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: text => refuse(oneLine(text)) })
    .action(async () => {
      const { openDemonstration } = await import('./commands/play.ts')
      process.exitCode = await openDemonstration()
    })
}

/** Commander's complaint and its suggestion as one line. */
function oneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ')
}

function refuse(message: string): number {
  process.stderr.write(`kubarium: ${message}\n`)
  return EXIT.unusable
}
