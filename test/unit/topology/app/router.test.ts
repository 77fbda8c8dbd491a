import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Router } from '../../../../topology/app/router.ts';
import type { Route } from '../../../../topology/app/router.ts';

describe('topology/app router', () => {
  const route = (method: Route['method'], path: string): Route => ({
    method,
    path,
    handle: () => Promise.resolve({ status: 200, body: '' }),
  });
  const router = new Router([
    route('GET', '/photos/:id'),
    route('POST', '/api/forms/submit'),
    route('PUT', '/api/forms/submit'),
  ]);

  it('finds a route by method and path, with the values of its segments', () => {
    expect(router.find('GET', '/photos/17')).to.deep.include({ params: { id: '17' } });
    expect(router.find('PUT', '/api/forms/submit').route?.method).to.equal('PUT');
  });

  it('says which methods an address has', () => {
    expect(router.find('GET', '/api/forms/submit')).to.deep.equal({ route: undefined, allowed: ['POST', 'PUT'] });
  });

  it('finds nothing at a longer, shorter or unknown address', () => {
    for (const path of ['/photos', '/photos/1/2', '/', '/api/forms', '/constructor']) {
      expect(router.find('GET', path), path).to.deep.equal({ route: undefined, allowed: [] });
    }
  });
});
