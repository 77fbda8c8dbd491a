import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Router } from '../../../../topology/app/router.ts';
import type { Route } from '../../../../topology/app/router.ts';

describe('the router of the app', () => {
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

  it('returns the methods of a path when the method is another one', () => {
    expect(router.find('GET', '/api/forms/submit')).to.deep.equal({ route: undefined, allowed: ['POST', 'PUT'] });
  });

  it('finds nothing for a longer, shorter or unknown path', () => {
    for (const path of ['/photos', '/photos/1/2', '/', '/api/forms', '/constructor']) {
      expect(router.find('GET', path), path).to.deep.equal({ route: undefined, allowed: [] });
    }
  });
});
