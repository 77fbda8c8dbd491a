import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  imageMeant,
  isBeside,
  isImage,
  isNext,
  isOwnImage,
  nextName,
} from '../../../../harness/core/topology/replacing.ts';

const DIGEST = 'a'.repeat(64);

describe('the image of a deploy', () => {
  it('is a name as `docker run` takes it, or an id', () => {
    for (const name of [
      'shop',
      'shop/app:1.4',
      'chaos/app:dev-answers-500',
      'localhost:5000/shop/app',
      'registry.example.com:443/a/b_c/d:V1_x.y',
      `shop/app@sha256:${DIGEST}`,
      `sha256:${DIGEST}`,
      '{{image}}',
      '{{image}}-good',
    ])
      expect(isImage(name), name).to.equal(true);
  });

  it('is nothing else', () => {
    for (const name of [
      '',
      'Shop/app',
      'shop/app:',
      'shop app',
      'shop/app:1.4:5',
      '-shop',
      'shop//app',
      `shop@sha256:${DIGEST.slice(1)}`,
      '{{image}}/x',
      'x{{image}}',
      '{{ image }}',
      `shop/app:${'v'.repeat(129)}`,
    ])
      expect(isImage(name), name).to.equal(false);
  });

  it('may build on the image in the compose file', () => {
    expect(imageMeant('{{image}}-good', 'chaos/app:dev')).to.equal('chaos/app:dev-good');
    expect(imageMeant('shop/app:2', 'chaos/app:dev')).to.equal('shop/app:2');
    expect([isOwnImage('{{image}}'), isOwnImage('{{image}}-good')]).to.deep.equal([true, false]);
  });
});

describe('a container that is to take the place of another', () => {
  it('is known by its name, which is not the name of its place yet', () => {
    expect(isNext({ name: nextName('chaos-app-1'), place: 'chaos-app-1' })).to.equal(true);
    expect(isNext({ name: 'chaos-app-1', place: 'chaos-app-1' })).to.equal(false);
    expect(isNext({ name: 'chaos-app-1' })).to.equal(false);
    const heir = { name: 'chaos-app-1-heir', place: 'chaos-app-1' };
    expect(isBeside(heir, [heir, { name: 'chaos-app-1' }]), 'the other is there').to.equal(true);
    expect(isBeside(heir, [heir, { name: 'chaos-app-2' }]), 'the place is free').to.equal(false);
    expect(isBeside<{ name: string; place?: string }>({ name: 'chaos-app-1' }, [heir])).to.equal(false);
  });
});
