/**
 * Fills the cluster's orders for certificates with its authority's key. Each certificate is let in as an input, so that
 * a replay needs no key. Certificates are dated by the real clock, as it is real clients that present them.
 */
import type { SigningAnswer } from '../controllers/index.ts'
import type { CertificateAuthority } from './certificates.ts'
import type { Gateway } from './gateway.ts'
import type { Pace } from './pace.ts'

/** Answers every order from now on. Time goes no faster than outside meanwhile. */
export function signCertificates(gateway: Gateway, pace: Pace, authority: CertificateAuthority): void {
  gateway.inEachWorld(({ certificates }, ending) => {
    certificates.toOutside(({ order, ...wanted }) => {
      if (ending.aborted) return
      pace.hold()
      const answered = (answer: SigningAnswer) => {
        if (!ending.aborted) gateway.enter({ do: 'certificate', order, answer }, {})
        pace.release()
      }
      authority.sign(wanted, Date.now()).then(
        certificate => answered({ ok: true, certificate }),
        // A key that cannot be read, or an extension: the request was good as far as the cluster could tell.
        (error: Error) => answered({ ok: false, message: error.message }),
      )
    })
  })
}
