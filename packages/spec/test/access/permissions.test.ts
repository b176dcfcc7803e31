import { describe, expect, it } from 'vitest';
import { BUILT_IN_PERMISSIONS, definePermissions, isPermission, scopeOf } from '../../src/index.ts';

describe('cap R1 the grammar', () => {
  it.each(['env:data.read', 'a:b.c', 'blog:posts-2.update_all'])('%s is a permission', (text) => {
    expect(isPermission(text)).toBe(true);
  });

  it.each([
    '',
    'env',
    'env:data',
    'env.data:read',
    ':data.read',
    'env:.read',
    'env:data.',
    'Env:data.read',
    'env:da ta.read',
    'env:data.read.all',
    'env:data:read',
    '1env:data.read',
    'env:data.*',
    '*',
    'env:*',
    'env:data.read\n',
    `a:b.${'c'.repeat(93)}`,
  ])('%j is none', (text) => {
    expect(isPermission(text)).toBe(false);
  });

  it('has at most 96 characters', () => {
    expect(isPermission(`a:b.${'c'.repeat(92)}`)).toBe(true);
  });
});

describe('cap R2 the catalogue', () => {
  it('holds the permissions of the control plane, each in its scope', () => {
    const { definitions } = definePermissions();
    expect(definitions.map(({ permission }) => permission)).toEqual(Object.keys(BUILT_IN_PERMISSIONS));
    for (const { permission, scope, description } of definitions) {
      expect(isPermission(permission), permission).toBe(true);
      expect(scope).toBe(permission.split(':')[0]);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('takes the services of an application, which belong to the environment', () => {
    const catalogue = definePermissions({ blog: { 'posts.read': { description: 'Read posts.', roles: ['reader'] } } });
    expect(catalogue.has('blog:posts.read')).toBe(true);
    expect(catalogue.has('blog:posts.write')).toBe(false);
    expect(catalogue.services).toEqual(['blog']);
    expect(scopeOf('blog:posts.read')).toBe('env');
    expect(definePermissions().has('blog:posts.read')).toBe(false);
  });

  it.each([
    [{ blog: { read: { description: '' } } }, 'blog:read is not a permission'],
    [{ blog: { 'posts.*': { description: '' } } }, 'blog:posts.* is not a permission'],
    [{ env: { 'data.drop': { description: '' } } }, 'the service env belongs to the control plane'],
    [{ org: { 'x.y': { description: '' } } }, 'the service org belongs to the control plane'],
    [{ platform: { 'x.y': { description: '' } } }, 'the service platform belongs to the control plane'],
    [{ blog: { 'posts.read': { description: '', roles: ['owner'] } } }, 'names the role owner'],
  ])('refuses %j', (application, reason) => {
    expect(() => definePermissions(application as never)).toThrow(reason);
  });
});
