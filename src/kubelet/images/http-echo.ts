/** `hashicorp/http-echo`: answers every request with the text of its `-text` flag. */
import { httpResponse } from '../container-network.ts'
import { flag } from '../flags.ts'
import type { Image } from '../program.ts'
import { server } from '../server.ts'

const httpEcho = server({
  startupMs: 20,
  shutdownMs: 20,
  ports: container => {
    const address = flag(container.argv, 'listen') ?? ':5678'
    return [Number(address.slice(address.lastIndexOf(':') + 1)) || 5678]
  },
  started: container => container.log('[INFO] server is listening on :5678'),
  serve: container => {
    const text = flag(container.argv, 'text') ?? container.environment.ECHO_TEXT ?? 'hello-world'
    return (request, reply) =>
      reply(request.protocol === 'http' ? httpResponse(200, `${text}\n`) : { protocol: 'tcp', data: text })
  },
})

export const image: Image = {
  repositories: ['docker.io/hashicorp/http-echo'],
  sizeBytes: 2_958_642,
  entrypoint: ['/http-echo'],
  command: [],
  programs: { 'http-echo': httpEcho },
  hasShell: false,
}
