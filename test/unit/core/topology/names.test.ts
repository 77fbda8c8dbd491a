import { expect } from 'chai';
import { describe, it } from 'mocha';
import { candidates, containerName, isContainerOf, serverNames } from '../../../../harness/core/topology/aim.ts';
import { named, namesSince, withNames } from '../../../../harness/core/topology/names.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const listed = (service: string, ...names: readonly string[]) => names.map((name) => ({ service, name }));

describe('the names of containers', () => {
  it('follow the pattern of Compose until the engine says otherwise', () => {
    expect(named(SPEC, listed('app', 'chaos-app-1', 'chaos-app-2', 'chaos-app-3'))).to.equal(SPEC);
    expect(withNames(SPEC, { app: ['chaos-app-1', 'chaos-app-2', 'chaos-app-3'] })).to.equal(SPEC);
    expect(namesSince(SPEC, SPEC)).to.deep.equal({});
  });

  it('are those of the engine, wherever a container is named', () => {
    const spec = named(SPEC, listed('app', 'chaos_app_2', 'chaos_app_3', 'chaos_app_5'));
    expect(containerName(spec, 'app', 3)).to.equal('chaos_app_5');
    expect(candidates(spec, { service: 'app', replica: 1 })).to.deep.equal(['chaos_app_2']);
    expect(isContainerOf('chaos_app_5', spec, 'app')).to.equal(true);
    expect(isContainerOf('chaos-app-1', spec, 'app')).to.equal(false);
    expect(serverNames(spec)).to.include('chaos_app_5').and.include('chaos-nginx-1');
    expect(namesSince(SPEC, spec)).to.deep.equal({ app: ['chaos_app_2', 'chaos_app_3', 'chaos_app_5'] });
    expect(withNames(SPEC, namesSince(SPEC, spec))).to.deep.equal(spec);
  });

  it('stay as they were while a service lacks a container', () => {
    expect(named(SPEC, listed('app', 'chaos_app_1', 'chaos_app_2'))).to.equal(SPEC);
  });

  it('of services that the description does not have are left out', () => {
    expect(withNames(SPEC, { other: ['x'] })).to.deep.equal(SPEC);
    expect(named(SPEC, listed('other', 'x'))).to.equal(SPEC);
  });
});
