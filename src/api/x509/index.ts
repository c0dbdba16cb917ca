/** Certificates' own formats, as far as the API server and its controllers look into them. */
export {
  type CertificateRequest,
  type ParsedRequest,
  parseCertificateRequest,
} from './certificate-request.ts'
