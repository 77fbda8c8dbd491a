import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { replaceCertificate } from '../kit/acts/certificate.ts';
import {
  certificateObservers,
  certificateService,
  expiredSince,
  proveCertificate,
} from '../kit/evidence/certificates.ts';

const DAY_S = 86_400;

export default defineFault({
  name: 'certificate_expired',
  summary: 'Serves a certificate that expired yesterday: new TLS connections meet it, open connections live on.',
  params: z.strictObject({ service: certificateService }),
  example: { service: 'nginx' },
  requires: ['certificate'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'put the certificate from before back',
  observers: ({ service }, spec) => certificateObservers(spec, service),
  inject: (ctx) =>
    replaceCertificate(ctx, ctx.params.service, 'expired', ({ name }) => ({ name, from: -90 * DAY_S, to: -DAY_S })),
  prove: (record) =>
    proveCertificate(
      record,
      'CERT_HAS_EXPIRED',
      (met) => `new handshakes met a certificate that had expired ${expiredSince(met)} before`,
    ),
});
