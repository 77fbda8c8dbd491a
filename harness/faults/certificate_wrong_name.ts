import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { replaceCertificate } from '../kit/acts/certificate.ts';
import { certificateObservers, certificateService, proveCertificate } from '../kit/evidence/certificates.ts';

const DAY_S = 86_400;

export default defineFault({
  name: 'certificate_wrong_name',
  summary: 'Serves a certificate for another name: new TLS connections meet it, open connections live on.',
  params: z.strictObject({
    service: certificateService,
    name: z
      .string()
      .regex(/^[a-z\d]+(?:[.-][a-z\d]+)*$/, { error: 'write a host name in small letters: other.test' })
      .default('other.test')
      .meta({ description: 'The only name that the certificate has', examples: ['other.test'] }),
  }),
  example: { service: 'nginx', name: 'other.test' },
  requires: ['certificate'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'put the certificate from before back',
  observers: ({ service }, spec) => certificateObservers(spec, service),
  inject: (ctx) =>
    replaceCertificate(ctx, ctx.params.service, `for ${ctx.params.name}`, () => ({
      name: ctx.params.name,
      from: -DAY_S,
      to: 90 * DAY_S,
    })),
  prove: (record, { name }) =>
    proveCertificate(record, 'ERR_TLS_CERT_ALTNAME_INVALID', () => `new handshakes met a certificate for ${name}`),
});
