// Made by `npm run generate` from openapi.json. Do not edit.

export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers while the process runs. */
        get: operations["service.live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers whether store, schema, key encryptor and reconciler are as they must be. */
        get: operations["service.ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells the version. */
        get: operations["service.version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the Prometheus text format. Needs no credential while the listener is on loopback. */
        get: operations["service.metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["service.openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page to read and try the API; nothing is loaded from elsewhere. */
        get: operations["service.docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scripts and styles of the page. */
        get: operations["service.docsAsset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the registered drivers and what each can do. */
        get: operations["drivers.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the places that can hold databases. */
        get: operations["placements.list"];
        put?: never;
        /** Adds a server, group or directory that can hold databases, after it was reached with the given credential. */
        post: operations["placements.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements/{placement}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a placement. */
        get: operations["placements.get"];
        put?: never;
        post?: never;
        /** Takes an empty placement out of use for good and forgets its administrator credential. */
        delete: operations["placements.retire"];
        options?: never;
        head?: never;
        /** Changes a placement; another address or administrator must lead to the same place. */
        patch: operations["placements.update"];
        trace?: never;
    };
    "/v1/placements/{placement}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a placement take no new databases; those it holds go on. */
        post: operations["placements.drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements/{placement}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a placement that was drained take new databases again. */
        post: operations["placements.activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements/{placement}/rotate-administrator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces the administrator secret of a placement by a new one that is sealed, set, proved, and known to nobody else. */
        post: operations["placements.rotateAdministrator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements/{placement}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks at a placement now: whether it answers, its version is supported and the credential has the rights. */
        post: operations["placements.check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads which databases nothing explains, when placements were compared, and whether deleting is on hold. */
        get: operations["inventory.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compares every placement with the rows now; what nothing explains is left alone and reported. */
        post: operations["inventory.check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/after-restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Declares that the store was restored from a backup: nothing is deleted from now on, and every database is compared and logged in to. */
        post: operations["inventory.afterRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the hold on deleting when nothing is open but what is accepted by name. */
        post: operations["inventory.release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements/{placement}/databases/{database}/adopt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an environment of a database that no row knows; what opened it before opens it no longer. */
        post: operations["inventory.adopt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/placements/{placement}/databases/{database}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Removes a quarantined database for good. */
        post: operations["inventory.purge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the organizations that the caller may read, in order of creation. */
        get: operations["organizations.list"];
        put?: never;
        /** Creates an organization with its owner, its default environment and that environment’s database. */
        post: operations["organizations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an organization. */
        get: operations["organizations.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the name or plan of an organization. */
        patch: operations["organizations.update"];
        trace?: never;
    };
    "/v1/organizations/{org}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an organization and all its environments out of use; it can be restored. */
        post: operations["organizations.archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an archived organization back, with every environment that can still be restored. */
        post: operations["organizations.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Removes an organization, its environments and their databases for good; by id, repeated it answers the receipt. */
        post: operations["organizations.purge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the members of an organization in order of joining. */
        get: operations["organizationMembers.list"];
        put?: never;
        /** Makes a user a member of an organization. */
        post: operations["organizationMembers.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a membership of an organization and those in its environments; anyone may end their own. */
        delete: operations["organizationMembers.remove"];
        options?: never;
        head?: never;
        /** Gives a member of an organization another role. */
        patch: operations["organizationMembers.change"];
        trace?: never;
    };
    "/v1/organizations/{org}/transfer-ownership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes another member the owner of an organization. */
        post: operations["organizationMembers.transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the environments of an organization that the caller may read, in order of creation. */
        get: operations["environments.list"];
        put?: never;
        /** Creates an environment with a physical database of its own. */
        post: operations["environments.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/environments/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Makes the environment of a slug what the body says: created when there is none, else changed. */
        put: operations["environments.upsert"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an environment with its database and credential. */
        get: operations["environments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes an environment; its id and its database stay. */
        patch: operations["environments.update"];
        trace?: never;
    };
    "/v1/environments/{env}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuses connections and keeps every byte. */
        post: operations["environments.suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets connections in again. */
        post: operations["environments.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/set-default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes it the default of its organization in place of the current one. */
        post: operations["environments.setDefault"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/reapply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the database made as it should be again: credentials, rights, limits. It serves on meanwhile. */
        post: operations["environments.reapply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries again what failed, at the step that failed. */
        post: operations["environments.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an environment out of use; it can be restored until its grace ends, then it is purged. */
        post: operations["environments.archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an archived environment back. */
        post: operations["environments.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Removes an environment and its database for good; repeated it answers the same receipt. */
        post: operations["environments.purge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a purge whose database cannot be deleted: the environment goes, the database stays at its provider. */
        post: operations["environments.forget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Creates an environment of the same organization that is filled from this one. */
        post: operations["environments.copy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/database": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Looks at the database of an environment: where it is, how large, how healthy. */
        get: operations["environments.database"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells who did what to an environment, the newest first, with what was before and after; also after its purge. */
        get: operations["environments.history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands out what a client needs to connect. The only answer with a secret; each one is audited. */
        post: operations["environments.connect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the members of an environment in order of joining. */
        get: operations["environmentMembers.list"];
        put?: never;
        /** Makes a user a member of an environment. */
        post: operations["environmentMembers.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a membership of an environment; anyone may end their own. */
        delete: operations["environmentMembers.remove"];
        options?: never;
        head?: never;
        /** Gives a member of an environment another role. */
        patch: operations["environmentMembers.change"];
        trace?: never;
    };
    "/v1/environments/{env}/transfer-ownership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes another member the owner of an environment. */
        post: operations["environmentMembers.transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the credentials of the database without their secrets, newest first; revoked ones for 30 days. */
        get: operations["environmentCredentials.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/credentials/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces the credentials of the database; the old ones stay valid for a grace, in an emergency not at all. */
        post: operations["environmentCredentials.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/credentials/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a credential out of use at once; the active one is replaced as in an emergency. */
        post: operations["environmentCredentials.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/gate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells whether the caller may reach the data of an environment. Unknown and foreign ones are refused alike. */
        get: operations["gate.check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{org}/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the service accounts of an organization with their live keys. */
        get: operations["serviceAccounts.listOfOrganization"];
        put?: never;
        /** Creates a service account of an organization, without a key. */
        post: operations["serviceAccounts.createInOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the service accounts of the platform with their live keys. */
        get: operations["serviceAccounts.list"];
        put?: never;
        /** Creates a service account of the platform, without a key. */
        post: operations["serviceAccounts.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a service account; while it is disabled none of its keys is accepted. */
        patch: operations["serviceAccounts.update"];
        trace?: never;
    };
    "/v1/service-accounts/{account}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a key of a service account. It is shown this once. */
        post: operations["serviceAccounts.createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts/{account}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a key for good. */
        delete: operations["serviceAccounts.revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the roles of service accounts in an environment. */
        get: operations["grants.list"];
        put?: never;
        /** Gives a service account of the organization a role in an environment. */
        post: operations["grants.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/grants/{grant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a role of a service account away. */
        delete: operations["grants.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platform-grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who holds which role on the platform. */
        get: operations["platformGrants.list"];
        put?: never;
        /** Gives a user, or a service account of the platform, a role on it. */
        post: operations["platformGrants.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platform-grants/{grant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a role on the platform away. */
        delete: operations["platformGrants.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells who is calling and where they belong. */
        get: operations["me.describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the environments that the caller may see, over all organizations. */
        get: operations["me.environments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/active-environment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells which environment is the active one of the session.
         * @description Only a session of a host application has one.
         */
        get: operations["me.activeEnvironment"];
        /**
         * Switches the session to an environment.
         * @description Its requests that name no environment are for this one from now on. It gives no right.
         */
        put: operations["me.activateEnvironment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists every permission there is and the roles that hold it. */
        get: operations["me.permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the operations that the caller may read, newest first. */
        get: operations["operations.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an operation with its steps. */
        get: operations["operations.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follows an operation: one server-sent event after each change, until it is done. */
        get: operations["operations.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Continues a failed operation at the step that failed. */
        post: operations["operations.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels an operation that can still be undone. What it made is removed by the operation that is answered. */
        post: operations["operations.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the entries of one audit chain in order, also of an organization that is gone. */
        get: operations["auditEvents.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-events/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Recomputes an audit chain and tells where it breaks. */
        post: operations["auditEvents.verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the keys that environment tokens are signed with, the newest first. */
        get: operations["signingKeys.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signing-keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the key that stands by sign from now on; tokens of the one before stay good until they expire. */
        post: operations["signingKeys.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signing-keys/{kid}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a key out of use at once: tokens signed with it are refused, and the key that stands by signs. */
        post: operations["signingKeys.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/encryption-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells which key-encryption keys wrap how many data keys, and which of them is current. */
        get: operations["encryptionKeys.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/encryption-keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a new key-encryption key, where the encryptor makes its own, and re-wraps every data key under the current one. */
        post: operations["encryptionKeys.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/encryption-keys/rewrap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Re-wraps every data key that is not under the current key-encryption key. */
        post: operations["encryptionKeys.rewrap"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/encryption-keys/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings every data key from other encryptors to the one that the service wraps with. */
        post: operations["encryptionKeys.move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{env}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issues a short-lived token for one environment, with what the caller holds there now. */
        post: operations["tokens.issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The token endpoint (RFC 6749): client credentials and token exchange (RFC 8693). */
        post: operations["tokens.exchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that environment tokens are verified with. */
        get: operations["tokens.keySet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/token-epochs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells which environment tokens and signing keys were withdrawn since the cursor was handed out. */
        get: operations["tokens.epochs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/store-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what this process asked of its stores lately, newest first; never a value. */
        get: operations["tracing.storeCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traces/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells where the time of a request went that was served lately: your own, or one about an environment. */
        get: operations["tracing.trace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the environments that the caller may read, of one organization or of all, in order of creation. */
        get: operations["cloudEnvironments.list"];
        put?: never;
        /** Creates an environment with a physical database of its own, empty or as a copy. */
        post: operations["cloudEnvironments.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an environment with its database, its credential and what the caller is in it. */
        get: operations["cloudEnvironments.get"];
        put?: never;
        post?: never;
        /** Archives an environment; it can be restored until its grace ends, then it is purged. */
        delete: operations["cloudEnvironments.remove"];
        options?: never;
        head?: never;
        /** Changes an environment; a status is one of the verbs suspend, resume, archive, restore. */
        patch: operations["cloudEnvironments.update"];
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an environment the active one of a host’s session. */
        post: operations["cloudEnvironments.activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/credentials/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces the credential of an environment’s database. */
        post: operations["cloudEnvironments.rotateCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/hostname": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an environment another DNS name. */
        post: operations["cloudEnvironments.updateHostname"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/change-hostname": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an environment another DNS name. */
        post: operations["cloudEnvironments.changeHostname"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/change-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an environment another plan. */
        post: operations["cloudEnvironments.changePlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries again what failed; what is still being made goes on. */
        post: operations["cloudEnvironments.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuses connections and keeps every byte. */
        post: operations["cloudEnvironments.suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets connections in again. */
        post: operations["cloudEnvironments.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an environment out of use; it can be restored until its grace ends, then it is purged. */
        post: operations["cloudEnvironments.archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/set-default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes it the default of its organization in place of the current one. */
        post: operations["cloudEnvironments.setDefault"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the members of an environment in order of joining. */
        get: operations["cloudMembers.list"];
        put?: never;
        /** Makes a user a member of an environment. */
        post: operations["cloudMembers.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a membership of an environment; anyone may end their own. */
        delete: operations["cloudMembers.remove"];
        options?: never;
        head?: never;
        /** Gives a member of an environment another role. */
        patch: operations["cloudMembers.change"];
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the packages that were recorded for an environment. */
        get: operations["cloudPackages.list"];
        put?: never;
        /** Refused: packages are installed by a host. */
        post: operations["cloudPackages.install"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/packages/{pkg}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a package that was recorded for an environment. */
        get: operations["cloudPackages.get"];
        put?: never;
        post?: never;
        /** Refused: packages are installed by a host. */
        delete: operations["cloudPackages.uninstall"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/packages/{pkg}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Refused: packages are installed by a host. */
        patch: operations["cloudPackages.enable"];
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/packages/{pkg}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Refused: packages are installed by a host. */
        patch: operations["cloudPackages.disable"];
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/packages/{pkg}/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refused: packages are installed by a host. */
        post: operations["cloudPackages.upgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the published artifacts of an environment: none are kept here. */
        get: operations["cloudArtifacts.listRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/branches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the branches of an environment: none are kept here. */
        get: operations["cloudArtifacts.listBranches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/branches/{branch}/rename": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renames a branch: there are none. */
        post: operations["cloudArtifacts.renameBranch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/environments/{env}/branches/{branch}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a branch: there are none. */
        delete: operations["cloudArtifacts.deleteBranch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/drivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the drivers that environments can be made with. */
        get: operations["cloudService.listDrivers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/resolve-hostname": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells which public environment has a DNS name, to whoever asks; a private one is not found. */
        get: operations["cloudService.resolveHostname"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Why a request was not carried out (RFC 9457). */
        Problem: {
            /** @description `urn:envplane:problem:` and the code. */
            type: string;
            /** @description What the code means, the same for every occurrence. */
            title: string;
            /** @description HTTP status. */
            status: number;
            /** @description One sentence: what could not be done, to what, and the next act. */
            detail: string;
            /** @description Stable snake_case code; programs decide by it. */
            code: string;
            /** @description Id of a request, from `X-Request-Id` or made on arrival. */
            requestId: string;
            /** @description With validation_failed: every wrong field. */
            errors?: components["schemas"]["ProblemFieldError"][];
            /** @description Permissions that would have been needed. */
            missing?: string[];
            /** @description The state the resource is in. */
            state?: string;
            /** @description The states in which the request is possible. */
            allowed?: string[];
            /**
             * Format: uuid
             * @description The operation to look at or to wait for.
             */
            operationId?: string;
        };
        /** @description One thing that is wrong with the input. */
        ProblemFieldError: {
            /**
             * @description The part of the request that is wrong.
             * @enum {string}
             */
            in: "body" | "query" | "path" | "header";
            /** @description JSON Pointer (RFC 6901) into that part. */
            pointer: string;
            /** @description Why it is refused. */
            detail: string;
        };
        /** @description Whether this process can do its work now. */
        Readiness: {
            /**
             * @description draining: the process is being stopped.
             * @enum {string}
             */
            status: "ready" | "unavailable" | "draining";
            checks: {
                /**
                 * @description Whether the control-plane store answers.
                 * @enum {string}
                 */
                store: "ok" | "failed";
                /**
                 * @description Whether the store has every schema step of this version. degraded: it has later ones too, because a newer version runs on it; steps only add, so this alone is no failure.
                 * @enum {string}
                 */
                migrations: "ok" | "degraded" | "failed";
                /**
                 * @description Whether the key encryptor works.
                 * @enum {string}
                 */
                encryptor: "ok" | "failed";
                /**
                 * @description Whether the reconciler has come round lately.
                 * @enum {string}
                 */
                reconciler: "ok" | "failed";
                /**
                 * @description degraded: a placement cannot be reached; environments elsewhere go on, so this alone is no failure.
                 * @enum {string}
                 */
                placements: "ok" | "degraded";
            };
        };
        /** @description A registered driver and what it can do. */
        Driver: {
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver: string;
            /** @description Whether there is a placement, so that environments can use the driver. */
            configured: boolean;
            /**
             * @description reduced: the adapter cannot observe, so a lost reply needs a person.
             * @enum {string}
             */
            guarantees: "full" | "reduced";
            /**
             * @description Who makes the secret: nobody, the control plane or the provider.
             * @enum {string}
             */
            credentials: "none" | "caller_set" | "provider_minted";
            facets: components["schemas"]["DriverFacets"];
        };
        /** @description What a driver can do, read from its adapter. */
        DriverFacets: {
            /** @description Whether the database can enforce a read-only connection. */
            readOnly: boolean;
            /**
             * @description online: the source keeps serving while it is copied; source_closed: it is cut meanwhile; null: no copies.
             * @enum {string|null}
             */
            copy: "online" | "source_closed" | null;
            /** @description Whether the provider itself refuses a suspended tenant; otherwise only the gate does. */
            suspend: boolean;
            /** @description Whether archiving moves the database out of reach in a way of its own. */
            archive: boolean;
            /** @description Whether the databases of a placement can be listed. */
            inventory: boolean;
            /** @description Whether the size of a database can be measured. */
            stats: boolean;
            /** @description Whether changed rights and settings of a database are found. */
            drift: boolean;
            /**
             * @description enforced: the database refuses to grow further; measured: it is only reported; null: neither.
             * @enum {string|null}
             */
            storageLimit: "enforced" | "measured" | null;
            /** @description Whether the credential of a database can be replaced by another. */
            rotatesCredentials: boolean;
            /** @description Whether one credential can be refused at once while the others stay good; otherwise it ends when it expires, or while the environment is suspended. false too where there is none. */
            revokesOne: boolean;
            /**
             * @description ended: what was opened with a credential outlives it, and is ended when it is revoked; none: each request shows the credential, so that nothing but a socket outlives it (socketsOutlive); null: one cannot be revoked.
             * @enum {string|null}
             */
            revokedSessions: "ended" | "none" | null;
            /** @description Whether a WebSocket that was opened with a credential is served on when the credential has ended, until its client or a proxy closes it. */
            socketsOutlive: boolean;
            /** @description Whether a credential ends by itself, whatever becomes of it here. */
            credentialsExpire: boolean;
            /** @description Whether a connection can be asked for that ends after lifetimeSeconds. */
            limitsLifetime: boolean;
            /** @description Whether the administrator secret of a placement can be replaced from here. */
            rotatesAdministrator: boolean;
        };
        /** @description A server, group or directory that can hold databases of one driver. */
        Placement: {
            /**
             * Format: uuid
             * @description UUID of the placement.
             */
            id: string;
            /** @description Name, unique among placements. */
            name: string;
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver: string;
            /** @description Label of the region. */
            region: string;
            status: components["schemas"]["PlacementStatus"];
            /** @description Addresses and what else the driver needs. Never a secret. */
            settings: {
                [key: string]: unknown;
            };
            /** @description Share of new databases relative to other placements; 0 takes only those that name it. */
            weight: number;
            /** @description How many databases it may hold; null: any number. */
            capacity: number | null;
            /** @description Variable of the service’s environment that holds the administrator secret; null when none does. */
            administratorVariable: string | null;
            /**
             * @description Why it could not be used when it was last looked at; `conflict`: it is another place than before.
             * @enum {string|null}
             */
            lastErrorCode: "unavailable" | "rate_limited" | "outcome_unknown" | "conflict" | "quota_exceeded" | "unauthorized" | "invalid_request" | "unsupported" | null;
            /** @description Rises with every change; `If-Match` compares it. */
            version: number;
            /**
             * @description Where the administrator secret is: none is needed, sealed in the store, or in the environment.
             * @enum {string}
             */
            administrator: "none" | "sealed" | "environment";
            /** @description How many databases it holds. */
            databases: number;
        };
        /**
         * @description ok: takes new databases; unreachable: could not be used when it was last looked at; draining: takes no new ones; retired: out of use for good.
         * @enum {string}
         */
        PlacementStatus: "ok" | "unreachable" | "draining" | "retired";
        /** @description A place that is to hold databases. */
        CreatePlacement: {
            /** @description Name, unique among placements; never used again. */
            name: string;
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver: string;
            /** @description Label of the region. */
            region?: string;
            /** @description Share of new databases relative to other placements; 0 takes only those that name it. */
            weight?: number;
            /** @description How many databases it may hold; null: any number. */
            capacity?: number | null;
            /** @description Addresses and what else the driver needs to know of the place. Never a secret. */
            settings?: {
                [key: string]: string | number | boolean;
            };
            /** @description Secret it is administered with, as its driver takes it; sealed in the store and never shown. */
            administrator?: string;
            /** @description Variable of the service’s environment that holds the administrator secret: ENVPLANE_PLACEMENT_…. */
            administratorVariable?: string;
        };
        /** @description Changes to a placement; what is absent stays. */
        UpdatePlacement: {
            /** @description Label of the region. */
            region?: string;
            /** @description Share of new databases relative to other placements; 0 takes only those that name it. */
            weight?: number;
            /** @description How many databases it may hold; null: any number. */
            capacity?: number | null;
            /** @description Addresses and what else the driver needs to know of the place. Never a secret. */
            settings?: {
                [key: string]: string | number | boolean;
            };
            /** @description Secret it is administered with, as its driver takes it; sealed in the store and never shown. */
            administrator?: string;
            /** @description Variable of the service’s environment that holds the administrator secret: ENVPLANE_PLACEMENT_…. */
            administratorVariable?: string;
        };
        /** @description A durable, visible unit of work. */
        Operation: {
            /**
             * Format: uuid
             * @description UUID of the operation.
             */
            id: string;
            kind: components["schemas"]["OperationKind"];
            status: components["schemas"]["OperationStatus"];
            /** @description Whether the status is final: succeeded, failed or cancelled. */
            done: boolean;
            target: components["schemas"]["OperationTarget"];
            /** @description The steps, in order. */
            steps: components["schemas"]["OperationStep"][];
            /** @description How many of its parts are done; null where there is nothing to count. */
            progress: components["schemas"]["OperationProgress"] | null;
            /** @description Passes so far. */
            attempts: number;
            /**
             * Format: date-time
             * @description When it is tried again after an error; null when nothing waits.
             */
            nextAttemptAt: string | null;
            /** @description What the caller should know although it worked. */
            warnings: string[];
            /** @description What it ends beyond what was asked for, known before anything is done; null where the provider forces nothing. */
            blastRadius: components["schemas"]["BlastRadius"] | null;
            /** @description Why it failed, and what to do; null unless failed. */
            error: components["schemas"]["OperationError"] | null;
            /** @description What it produced, for a purge the receipt; null before. */
            result: {
                [key: string]: unknown;
            } | null;
            /** @description Who asked for it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was accepted.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updatedAt: string;
        };
        /**
         * @description What is being done.
         * @enum {string}
         */
        OperationKind: "organization.provision" | "organization.archive" | "organization.restore" | "organization.purge" | "environment.provision" | "environment.copy" | "environment.suspend" | "environment.resume" | "environment.archive" | "environment.restore" | "environment.purge" | "encryption_key.rotate" | "encryption_key.rewrap" | "encryption_key.move" | "credential.rotate" | "credential.revoke" | "placement.rotate_administrator";
        /**
         * @description How far it is. failed stays until it is retried or superseded.
         * @enum {string}
         */
        OperationStatus: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        /** @description What the operation is about. */
        OperationTarget: {
            type: components["schemas"]["OperationTargetType"];
            /** @description Id of the resource. */
            id: string;
        };
        /**
         * @description What kind of resource the operation is about.
         * @enum {string}
         */
        OperationTargetType: "organization" | "environment" | "installation" | "placement";
        /** @description One step of an operation. */
        OperationStep: {
            /** @description Name of the step. */
            name: string;
            status: components["schemas"]["OperationStepStatus"];
            /** @description How many times it was begun. */
            attempt: number;
            /**
             * Format: date-time
             * @description When it was first begun; null before.
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description When it ended; null before.
             */
            finishedAt: string | null;
            /** @description How long the last attempt took in ms; null before the first. */
            durationMs: number | null;
            /** @description Why the last attempt did not succeed; null when it did. */
            error: components["schemas"]["OperationStepError"] | null;
        };
        /**
         * @description How far the step is.
         * @enum {string}
         */
        OperationStepStatus: "pending" | "running" | "succeeded" | "failed" | "skipped";
        /** @description Why an attempt at a step did not succeed. */
        OperationStepError: {
            /** @description Stable snake_case code; programs decide by it. */
            code: string;
        };
        /** @description How many of the parts of an operation are done. */
        OperationProgress: {
            /** @description How many are done. */
            done: number;
            /** @description How many there are, as far as is known. */
            total: number;
        };
        /** @description What an operation ends because the provider can end no less. */
        BlastRadius: {
            /**
             * @description database: every credential of the database ends, whoever has it: of every authorization, replaced ones that were still valid, and those that were made without the control plane.
             * @enum {string}
             */
            kind: "database";
            /** @description How many environments are without a credential until new ones are in use. */
            environments: number;
        };
        /** @description Why an operation failed: a problem (RFC 9457) without status, since it answers no request. */
        OperationError: {
            /** @description `urn:envplane:problem:` and the code. */
            type: string;
            /** @description What the code means, the same for every occurrence. */
            title: string;
            /** @description One sentence: what could not be done, to what, and the next act. */
            detail: string;
            /** @description Stable snake_case code; programs decide by it. */
            code: string;
        };
        /** @description How the administrator secret of a placement is replaced. */
        RotateAdministrator: {
            /**
             * @description emergency: sessions that the old secret opened are ended as well, those of the service included. normal unless given.
             * @enum {string}
             */
            urgency?: "normal" | "emergency";
        };
        /** @description What was found when the placement was looked at. */
        PlacementCheck: {
            /** @description Whether databases can be made and used there now. */
            ok: boolean;
            /**
             * @description Why not, as a code; null when they can.
             * @enum {string|null}
             */
            code: "unavailable" | "rate_limited" | "outcome_unknown" | "conflict" | "quota_exceeded" | "unauthorized" | "invalid_request" | "unsupported" | null;
            /** @description Why not, in words. */
            detail: string | null;
            /** @description How long the look took, in ms. */
            durationMs: number;
            /** @description By how much its clock is ahead of the service's, in ms; null where it tells none, or cannot be used. */
            clockSkewMs: number | null;
            placement: components["schemas"]["Placement"];
        };
        /** @description What is known of the databases that exist, beside those of environments. */
        Inventory: {
            /** @description Why nothing is deleted now; null when nothing stands in the way. */
            hold: components["schemas"]["DestructiveHold"] | null;
            /** @description How often the store was declared restored. */
            restoreGeneration: number;
            /** @description Every placement that is in use. */
            placements: components["schemas"]["ComparedPlacement"][];
            /** @description Databases that nothing explains. */
            quarantined: components["schemas"]["QuarantinedDatabase"][];
        };
        /**
         * @description Why nothing is deleted now. restored: an operator said that the store was restored from a backup; fence_ahead: a database server has seen newer claims than the store, so it was.
         * @enum {string}
         */
        DestructiveHold: "restored" | "fence_ahead";
        /** @description When the databases of a placement were compared with the rows. */
        ComparedPlacement: {
            /** @description Name of the placement. */
            name: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            placementId: string;
            /** @description Whether its databases can be listed; where not, unknown ones are not found. */
            isListed: boolean;
            /**
             * Format: date-time
             * @description When it was last compared completely; null when it never was.
             */
            comparedAt: string | null;
            /** @description Why the last comparison was not complete; null when it was. */
            code: string | null;
        };
        /** @description A database of this control plane that no row explains. It is left alone until it is adopted or purged. */
        QuarantinedDatabase: {
            /** @description Name of the placement it is on. */
            placement: string;
            /**
             * Format: uuid
             * @description Id of that placement.
             */
            placementId: string;
            /** @description Physical name of the database. */
            databaseName: string;
            /** @description What the provider calls it. */
            externalUid: string | null;
            /**
             * Format: date-time
             * @description When it was first seen.
             */
            foundAt: string;
        };
        /** @description What a comparison of every placement with the rows found. */
        InventoryCheck: {
            /** @description Why nothing is deleted now; null when nothing stands in the way. */
            hold: components["schemas"]["DestructiveHold"] | null;
            /** @description How often the store was declared restored. */
            restoreGeneration: number;
            /** @description Every placement that is in use. */
            placements: components["schemas"]["ComparedPlacement"][];
            /** @description Databases that nothing explains. */
            quarantined: components["schemas"]["QuarantinedDatabase"][];
            /** @description Whether every placement was compared; while false, nothing is concluded of those that were not. */
            complete: boolean;
            /** @description Databases that a row explains. */
            matched: number;
            /** @description Databases that should be there. The reconciler looks at each. */
            missing: components["schemas"]["MissingDatabase"][];
            /** @description Names of purged databases that had come back and are gone again. */
            droppedAgain: string[];
        };
        /** @description A database that rows name and the list of its placement does not. */
        MissingDatabase: {
            /**
             * Format: uuid
             * @description The environment it belongs to.
             */
            environmentId: string;
            /** @description Physical name of the database. */
            databaseName: string;
            /** @description Where its life stands by the rows. */
            phase: string;
        };
        /** @description What was found and begun after the store was restored from a backup. */
        RestoreCheck: {
            /** @description Why nothing is deleted now; null when nothing stands in the way. */
            hold: components["schemas"]["DestructiveHold"] | null;
            /** @description How often the store was declared restored. */
            restoreGeneration: number;
            /** @description Every placement that is in use. */
            placements: components["schemas"]["ComparedPlacement"][];
            /** @description Databases that nothing explains. */
            quarantined: components["schemas"]["QuarantinedDatabase"][];
            /** @description Whether every placement was compared; while false, nothing is concluded of those that were not. */
            complete: boolean;
            /** @description Databases that a row explains. */
            matched: number;
            /** @description Databases that should be there. The reconciler looks at each. */
            missing: components["schemas"]["MissingDatabase"][];
            /** @description Names of purged databases that had come back and are gone again. */
            droppedAgain: string[];
            /** @description Databases whose credentials log in; they are made to outrank earlier claims. */
            reapplied: number;
            /** @description Databases whose credentials do not; they are given others. */
            rotated: number;
            /** @description Environments that something else was under way with, or that could not be given other credentials; look at each. */
            waiting: string[];
        };
        /** @description The end of a hold on deleting. */
        ReleaseHold: {
            /** @description What stays open: physical names of quarantined databases, ids of environments whose database is missing. */
            accept?: string[];
        };
        /** @description An environment with its database and credential. Holds no secret. */
        Environment: {
            /**
             * Format: uuid
             * @description UUID of the environment.
             */
            id: string;
            /** @description The organization that owns it. */
            organizationId: string;
            /** @description Short name, unique in the organization. */
            slug: string;
            /** @description Name that people read, 1 to 255 characters. */
            displayName: string;
            envType: components["schemas"]["EnvironmentType"];
            /** @description Whether it is the default of its organization. */
            isDefault: boolean;
            /** @description Label of the region that was asked for; null when none was. */
            region: string | null;
            plan: components["schemas"]["TenantPlan"];
            status: components["schemas"]["EnvironmentStatus"];
            /** @description DNS name; null when it has none. */
            hostname: string | null;
            visibility: components["schemas"]["Visibility"];
            /** @description While true, archive and purge are refused. */
            deletionProtection: boolean;
            /** @description Days after which its credentials are replaced by themselves; 0: never; null: as the organization says. */
            credentialRotationDays: number | null;
            /** @description Rises with every change; `If-Match` compares it. */
            version: number;
            /** @description Labels and notes of the caller; null when there are none. */
            metadata: {
                [key: string]: unknown;
            } | null;
            /** @description Who created the environment. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When the environment was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the environment last changed.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it is purged; null unless it is archived, and while it is protected from deletion.
             */
            purgeAfter: string | null;
            database: components["schemas"]["EnvironmentDatabase"];
            /** @description The credential in use; null while there is none. */
            credential: components["schemas"]["DatabaseCredential"] | null;
        };
        /**
         * @description What the environment is for.
         * @enum {string}
         */
        EnvironmentType: "production" | "sandbox" | "development" | "test" | "staging" | "preview" | "trial";
        /**
         * @description Plan; it decides the quotas.
         * @enum {string}
         */
        TenantPlan: "free" | "starter" | "pro" | "enterprise" | "custom";
        /**
         * @description Derived from the state of the database. Data requests pass only while it is active.
         * @enum {string}
         */
        EnvironmentStatus: "provisioning" | "active" | "suspended" | "archived" | "failed" | "migrating";
        /**
         * @description public: anonymous callers may resolve the hostname to an id; private: they get 404.
         * @enum {string}
         */
        Visibility: "private" | "public";
        /** @description The physical database of an environment. Holds no secret. */
        EnvironmentDatabase: {
            /**
             * Format: uuid
             * @description UUID of the physical database.
             */
            id: string;
            /**
             * Format: uuid
             * @description The environment it belongs to; each has exactly one.
             */
            environmentId: string;
            /** @description Physical name at the provider. Used once, ever. */
            databaseName: string;
            /**
             * Format: uri
             * @description Where the database is, without user, password or token; null only while provisioning.
             */
            databaseUrl: string | null;
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver: string;
            /** @description Label of the placement's region, or `local`. */
            region: string;
            /** @description Storage limit in MB (2^20 bytes). */
            storageLimitMb: number;
            /**
             * Format: date-time
             * @description When a tenant was first let in; null only while provisioning.
             */
            provisionedAt: string | null;
            /**
             * Format: date-time
             * @description When a connection was last handed out; null before the first.
             */
            lastAccessedAt: string | null;
            /** @description Notes of the adapter. */
            metadata: {
                [key: string]: unknown;
            } | null;
        };
        /** @description A credential without its secret. */
        DatabaseCredential: {
            /**
             * Format: uuid
             * @description UUID of the credential.
             */
            id: string;
            status: components["schemas"]["DatabaseCredentialStatus"];
            authorization: components["schemas"]["Authorization"];
            /** @description The data key of the environment that seals it. */
            encryptionKeyId: string;
            /**
             * Format: date-time
             * @description When the credential was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it dies by itself; null: never.
             */
            expiresAt: string | null;
        };
        /**
         * @description active: the one to use; rotating: on its way in or out; revoked: never usable again.
         * @enum {string}
         */
        DatabaseCredentialStatus: "active" | "rotating" | "revoked";
        /**
         * @description What a credential lets its holder do; the database enforces it.
         * @enum {string}
         */
        Authorization: "full_access" | "read_only";
        /** @description A quarantined database that is to be an environment. */
        AdoptDatabase: {
            /** @description The organization that is to own it. */
            organizationId: string;
            /** @description The slug of the environment it becomes. */
            slug: string;
            /** @description Name that people read, 1 to 255 characters. */
            displayName?: string;
            /**
             * @description production when absent.
             * @enum {string}
             */
            envType?: "production" | "sandbox" | "development" | "test" | "staging" | "preview" | "trial";
        };
        /** @description A quarantined database that is to be removed for good. */
        PurgeDatabase: {
            /** @description The physical name again: what is removed is gone for good. */
            confirm: string;
        };
        /** @description A customer: the owner of environments. */
        Organization: {
            /** @description Id of the organization. */
            id: string;
            /** @description Short name of the organization in URLs, formed as any slug, but never as a UUID. */
            slug: string;
            /** @description Name that people read, 1 to 255 characters. */
            displayName: string;
            plan: components["schemas"]["TenantPlan"];
            status: components["schemas"]["OrganizationStatus"];
            /** @description Whether it belongs to the platform itself. */
            isSystem: boolean;
            /**
             * Format: uuid
             * @description The default environment; null when there is none.
             */
            defaultEnvironmentId: string | null;
            /** @description Days after which credentials are replaced by themselves, where an environment says nothing else; 0 or null: never. */
            credentialRotationDays: number | null;
            /** @description Rises with every change; `If-Match` compares it. */
            version: number;
            /** @description Who created the organization. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When the organization was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the organization last changed.
             */
            updatedAt: string;
        };
        /**
         * @description active: in use; archived: out of use and restorable; purging: being removed for good.
         * @enum {string}
         */
        OrganizationStatus: "active" | "archived" | "purging";
        /** @description A new organization with its owner and its default environment. */
        CreateOrganization: {
            /** @description Short name of the organization in URLs, formed as any slug, but never as a UUID. */
            slug: string;
            /** @description Name that people read, 1 to 255 characters. */
            displayName: string;
            plan?: components["schemas"]["TenantPlan"];
            /** @description The user who becomes its owner. */
            ownerUserId: string;
            /**
             * @description The environment that is created with the organization.
             * @default {
             *       "slug": "prod",
             *       "envType": "production"
             *     }
             */
            defaultEnvironment?: {
                /**
                 * @description Slug of the default environment.
                 * @default prod
                 */
                slug?: string;
                /** @description Name of the default environment; `Production` when absent. */
                displayName?: string;
                /**
                 * @description Type of the default environment.
                 * @default production
                 * @enum {string}
                 */
                envType?: "production" | "sandbox" | "development" | "test" | "staging" | "preview" | "trial";
                /** @description Driver key; the default driver when absent. */
                driver?: string;
                /** @description Region to place the database in; any when absent. */
                region?: string;
                /** @description Id or name of the placement; chosen by driver and region when absent. */
                placement?: string;
                /** @description Storage limit in MB (2^20 bytes); 1024 when absent. */
                storageLimitMb?: number;
            };
        };
        /** @description Changes to an organization; what is absent stays. */
        UpdateOrganization: {
            /** @description New name. */
            displayName?: string;
            plan?: components["schemas"]["TenantPlan"];
            /** @description Days after which credentials are replaced by themselves, where an environment says nothing else; 0 or null: never. */
            credentialRotationDays?: number | null;
        };
        /** @description What was removed for good, when, and how its absence was established. */
        PurgeReceipt: {
            [key: string]: unknown;
        };
        /** @description Confirmation of a removal that cannot be undone. */
        Purge: {
            /** @description The slug of what is removed for good, as confirmation. */
            confirm: string;
        };
        /** @description A user with a role in the organization. */
        OrganizationMember: {
            /** @description The organization. */
            organizationId: string;
            /** @description The user. */
            userId: string;
            role: components["schemas"]["OrganizationRole"];
            /** @description Who added the user. */
            invitedBy: string;
            /** @description Rises with every change; `If-Match` compares it. */
            version: number;
            /**
             * Format: date-time
             * @description When the membership was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the membership last changed.
             */
            updatedAt: string;
        };
        /**
         * @description Role in an organization. None of them gives access to data.
         * @enum {string}
         */
        OrganizationRole: "owner" | "admin" | "member";
        /** @description A user who is to become a member of the organization. */
        AddOrganizationMember: {
            /** @description Id of the user, as the identity provider knows it. */
            userId: string;
            role: components["schemas"]["OrganizationRole"];
        };
        /** @description The role that a member of the organization is to have. */
        ChangeOrganizationMember: {
            role: components["schemas"]["OrganizationRole"];
        };
        /** @description To whom the organization is handed over. */
        TransferOrganization: {
            /** @description The member who becomes an owner. */
            newOwnerUserId: string;
            /**
             * @description The role that the previous owner keeps.
             * @default admin
             * @enum {string}
             */
            previousOwnerRole?: "admin" | "member";
        };
        /** @description A new environment. Its creator is the authenticated caller. */
        CreateEnvironment: {
            /** @description Short name, unique in the organization. */
            slug: string;
            /** @description Name that people read; the slug when absent. */
            displayName?: string;
            envType: components["schemas"]["EnvironmentType"];
            /** @description Driver key; the default driver when absent. */
            driver?: string;
            /** @description Region to place the database in; any when absent. */
            region?: string;
            /** @description Id or name of the placement; chosen by driver and region when absent. */
            placement?: string;
            plan?: components["schemas"]["TenantPlan"];
            /** @description Storage limit in MB (2^20 bytes); 1024 when absent. */
            storageLimitMb?: number;
            /** @description Makes it the default of the organization, which must have none. Where there is none it becomes it anyway. */
            isDefault?: boolean;
            /** @description DNS name, unique across all organizations. */
            hostname?: string;
            visibility?: components["schemas"]["Visibility"];
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description How the environment of the slug in the path is to be: created when it does not exist, else changed. */
        UpsertEnvironment: {
            /** @description Name that people read; the slug when absent. */
            displayName?: string;
            envType: components["schemas"]["EnvironmentType"];
            /** @description Driver key; the default driver when absent. */
            driver?: string;
            /** @description Region to place the database in; any when absent. */
            region?: string;
            /** @description Id or name of the placement; chosen by driver and region when absent. */
            placement?: string;
            plan?: components["schemas"]["TenantPlan"];
            /** @description Storage limit in MB (2^20 bytes); 1024 when absent. */
            storageLimitMb?: number;
            /** @description Makes it the default of the organization, which must have none. Where there is none it becomes it anyway. */
            isDefault?: boolean;
            /** @description DNS name, unique across all organizations. */
            hostname?: string;
            visibility?: components["schemas"]["Visibility"];
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description Changes to an environment; what is absent stays, metadata is replaced whole. */
        UpdateEnvironment: {
            /** @description New short name, unique in the organization. */
            slug?: string;
            /** @description New name. */
            displayName?: string;
            plan?: components["schemas"]["TenantPlan"];
            /** @description New storage limit in MB (2^20 bytes). */
            storageLimitMb?: number;
            /** @description While true, archive and purge are refused. */
            deletionProtection?: boolean;
            /** @description Days after which its credentials are replaced by themselves; 0: never; null: as the organization says. */
            credentialRotationDays?: number | null;
            /** @description New DNS name, unique across all organizations. */
            hostname?: string;
            visibility?: components["schemas"]["Visibility"];
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description Confirmation that a database is left where it is. */
        Forget: {
            /** @description The slug of the environment that is forgotten, as confirmation. */
            confirm: string;
            /**
             * @description Says that the database stays at its provider, as it does; nothing here deletes it later.
             * @enum {boolean}
             */
            retain?: true;
        };
        /** @description A new environment of the same organization, filled from this one. */
        CopyEnvironment: {
            /** @description Short name of the copy, unique in the organization. */
            slug: string;
            /** @description Name that people read; the slug when absent. */
            displayName?: string;
            envType: components["schemas"]["EnvironmentType"];
            /** @description Whether the copy carries no rows; false when absent. */
            schemaOnly?: boolean;
            /** @description Driver of the copy; that of the source when absent. */
            driver?: string;
            /** @description Id or name of the placement; that of the source when absent. */
            placement?: string;
            /** @description DNS name, unique across all organizations. */
            hostname?: string;
            visibility?: components["schemas"]["Visibility"];
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description The physical database with its size and health. */
        EnvironmentDatabaseDetail: {
            /**
             * Format: uuid
             * @description UUID of the physical database.
             */
            id: string;
            /**
             * Format: uuid
             * @description The environment it belongs to; each has exactly one.
             */
            environmentId: string;
            /** @description Physical name at the provider. Used once, ever. */
            databaseName: string;
            /**
             * Format: uri
             * @description Where the database is, without user, password or token; null only while provisioning.
             */
            databaseUrl: string | null;
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver: string;
            /** @description Label of the placement's region, or `local`. */
            region: string;
            /** @description Storage limit in MB (2^20 bytes). */
            storageLimitMb: number;
            /**
             * Format: date-time
             * @description When a tenant was first let in; null only while provisioning.
             */
            provisionedAt: string | null;
            /**
             * Format: date-time
             * @description When a connection was last handed out; null before the first.
             */
            lastAccessedAt: string | null;
            /** @description Notes of the adapter. */
            metadata: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: uuid
             * @description The placement that holds the database.
             */
            placementId: string;
            health: components["schemas"]["DatabaseHealth"];
            /** @description Size in bytes; null when the driver cannot measure it or did not answer. */
            sizeBytes: number | null;
            /** @description Whether it is larger than `storageLimitMb` (1 MB = 1,048,576 bytes); null when the size is not known. */
            overLimit: boolean | null;
            /** @description Sessions of those who hold its credentials; null where the driver has none, or did not answer. */
            sessions: {
                /** @description Sessions that are open now. */
                open: number;
                /** @description How many there may be at a time. */
                limit: number;
            } | null;
            /** @description What was changed at the provider and is undone by the next look of the reconciler; null when it cannot be told. */
            drift: components["schemas"]["Drift"][] | null;
            /**
             * Format: date-time
             * @description When health, size and drift were looked at.
             */
            checkedAt: string;
        };
        /**
         * @description ok: seen just now; unreachable: the provider gave no answer; unknown: not ready, so not looked at.
         * @enum {string}
         */
        DatabaseHealth: "ok" | "unreachable" | "unknown";
        /** @description What somebody changed of a database at its provider. */
        Drift: {
            /**
             * @description grants: who may do what; settings: anything else, such as a limit or a block.
             * @enum {string}
             */
            kind: "grants" | "settings";
            /** @description What was found, in one sentence. */
            detail: string;
        };
        /** @description Who did what to an environment, and what it changed. */
        HistoryEntry: {
            /** @description Position in the chain, without gaps. */
            seq: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            occurredAt: string;
            actorKind: components["schemas"]["ActorKind"];
            /** @description Who did it. */
            actorId: string;
            /** @description The user on whose behalf it was done. */
            actingFor: string | null;
            /** @description What was done, dotted, such as environment.archive. */
            action: string;
            /** @description What kind of thing it was done to. */
            targetKind: string;
            /** @description Id of that thing. */
            targetId: string;
            outcome: components["schemas"]["AuditOutcome"];
            /** @description Code of the refusal or failure. */
            reason: string | null;
            /** @description The request that caused it; null for the work of the control plane itself. */
            requestId: string | null;
            /** @description Network the request came from, truncated to /24 or /48. */
            clientAddress: string | null;
            /** @description The fields that changed, as they were before; null where there is nothing to show. */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description The fields that changed, as they were after; null where there is nothing to show. */
            after: {
                [key: string]: unknown;
            } | null;
            /** @description What else was recorded: ids and non-secret fields. */
            detail: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Kind of principal.
         * @enum {string}
         */
        ActorKind: "platform" | "user" | "service";
        /**
         * @description allow: done; deny: refused; error: permitted, but it failed.
         * @enum {string}
         */
        AuditOutcome: "allow" | "deny" | "error";
        /** @description What a client needs to connect to the database of an environment. */
        Connection: {
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver: string;
            /** @description Where the database is, without user, password or token. */
            url: string;
            /** @description Login name; null when the driver has none. */
            user: string | null;
            /** @description Password or token; null when the driver has no credentials. */
            secret: string | null;
            /** @description Namespace to name in a header, where the URL cannot carry it; else null. */
            namespace: string | null;
            /**
             * Format: date-time
             * @description When the secret stops working; null: never.
             */
            expiresAt: string | null;
            /**
             * Format: uuid
             * @description The credential behind it.
             */
            credentialId: string;
        };
        /** @description Which connection is asked for. */
        ConnectionRequest: {
            /**
             * @description What the connection must allow.
             * @default full_access
             * @enum {string}
             */
            authorization?: "full_access" | "read_only";
            /** @description The database refuses the secret after this time at the latest; 422 where the driver cannot limit it. */
            lifetimeSeconds?: number;
        };
        /** @description A user with a role in the environment. */
        EnvironmentMember: {
            /**
             * Format: uuid
             * @description The environment.
             */
            environmentId: string;
            /** @description The user. */
            userId: string;
            role: components["schemas"]["EnvironmentRole"];
            /** @description Who added the user. */
            invitedBy: string;
            /** @description Rises with every change; `If-Match` compares it. */
            version: number;
            /**
             * Format: date-time
             * @description When the membership was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the membership last changed.
             */
            updatedAt: string;
        };
        /**
         * @description Role in one environment.
         * @enum {string}
         */
        EnvironmentRole: "owner" | "admin" | "maker" | "reader" | "guest";
        /** @description A user who is to become a member of the environment. */
        AddEnvironmentMember: {
            /** @description Id of the user, as the identity provider knows it. */
            userId: string;
            role: components["schemas"]["EnvironmentRole"];
        };
        /** @description The role that a member of the environment is to have. */
        ChangeEnvironmentMember: {
            role: components["schemas"]["EnvironmentRole"];
        };
        /** @description To whom the environment is handed over. */
        TransferEnvironment: {
            /** @description The member who becomes an owner. */
            newOwnerUserId: string;
            /**
             * @description The role that the previous owner keeps.
             * @default admin
             * @enum {string}
             */
            previousOwnerRole?: "admin" | "maker" | "reader" | "guest";
        };
        /** @description A credential with its life, without its secret. */
        DatabaseCredentialDetail: {
            /**
             * Format: uuid
             * @description UUID of the credential.
             */
            id: string;
            status: components["schemas"]["DatabaseCredentialStatus"];
            authorization: components["schemas"]["Authorization"];
            /** @description The data key of the environment that seals it. */
            encryptionKeyId: string;
            /**
             * Format: date-time
             * @description When the credential was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it dies by itself; null: never.
             */
            expiresAt: string | null;
            /** @description Counts up with every rotation, for each authorization apart. */
            version: number;
            /**
             * @description staged: sealed and committed, used by nobody yet; active: the one to use; retiring: replaced and valid for a while; revoked: refused by the database; failed: refused while staged, never usable.
             * @enum {string}
             */
            state: "staged" | "active" | "retiring" | "revoked" | "failed";
            /**
             * Format: date-time
             * @description When it became the one to use; null: it never did.
             */
            activatedAt: string | null;
            /**
             * Format: date-time
             * @description Until when it is accepted after it was replaced; null: it was not.
             */
            retireAfter: string | null;
            /**
             * Format: date-time
             * @description When the database began to refuse it; null: it does not.
             */
            revokedAt: string | null;
        };
        /** @description How the credentials of a database are replaced. */
        RotateCredentials: {
            /**
             * @description normal when absent.
             * @enum {string}
             */
            urgency?: "normal" | "emergency";
            /** @description How long the old credential stays valid; 120 when absent. Clients that keep a credential for a minute need 75. An emergency has none. */
            graceSeconds?: number;
        };
        /** @description The caller may reach the data of the environment. */
        Admission: {
            /**
             * @description Always true; a refusal is a problem.
             * @enum {boolean}
             */
            allowed: true;
            /** @description Id of the organization. */
            organizationId: string;
            /**
             * Format: uuid
             * @description The environment.
             */
            environmentId: string;
            /** @description Whether the caller has a role of their own in it. */
            member: boolean;
            /** @description That role; null when another one lets them in. */
            role: components["schemas"]["EnvironmentRole"] | null;
            /** @description What the caller holds in the environment; wildcards stand for whole segments. */
            permissions: string[];
            /** @description Services of the application. */
            services: {
                [key: string]: {
                    /** @description Whether it is used here. */
                    enabled: boolean;
                };
            };
            /** @description Whether only reading is allowed. */
            readOnly: boolean;
            /** @description How often rights were narrowed; a token that carries less is refused. */
            epochs: {
                /** @description Of everybody in the environment. */
                environment: number;
                /** @description Of the caller. */
                subject: number;
            };
        };
        /** @description A machine that calls the API, with its live keys. */
        ServiceAccount: {
            /**
             * Format: uuid
             * @description UUID of the service account.
             */
            id: string;
            /** @description The organization that owns it; null: the platform. */
            organizationId: string | null;
            /** @description Name, unique among the service accounts of its organization. */
            name: string;
            /** @description Its role in its organization; null for none. */
            organizationRole: components["schemas"]["OrganizationRole"] | null;
            status: components["schemas"]["ServiceAccountStatus"];
            /** @description Rises with every change; `If-Match` compares it. */
            version: number;
            /** @description Who created it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updatedAt: string;
            /** @description Its keys that are neither revoked nor expired. */
            keys: components["schemas"]["ServiceAccountKey"][];
        };
        /**
         * @description disabled: none of its keys is accepted.
         * @enum {string}
         */
        ServiceAccountStatus: "active" | "disabled";
        /** @description A key of a service account, without its secret. */
        ServiceAccountKey: {
            /**
             * Format: uuid
             * @description UUID of the key.
             */
            id: string;
            /**
             * Format: uuid
             * @description The service account it is a key of.
             */
            serviceAccountId: string;
            /** @description Public part of the key; it names the key in lists and logs. */
            keyId: string;
            /**
             * Format: date-time
             * @description When it is no longer accepted.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to the hour; null: never.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description When it was revoked; null while it is not.
             */
            revokedAt: string | null;
            /** @description Who made it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description What it leaves of the rights of its account; null: all of them. */
            permissions: string[] | null;
            /** @description The environments it reaches, and nothing else; null: whatever its account reaches. */
            environmentIds: string[] | null;
        };
        /** @description A new service account of an organization. */
        CreateServiceAccount: {
            /** @description Name, unique among the service accounts of its organization. */
            name: string;
            /**
             * @description Its role in the organization; none when absent.
             * @enum {string}
             */
            organizationRole?: "owner" | "admin" | "member";
        };
        /** @description A new service account of the platform. */
        CreatePlatformAccount: {
            /** @description Name, unique among the service accounts of its organization. */
            name: string;
        };
        /** @description Changes to a service account; what is absent stays. */
        UpdateServiceAccount: {
            /** @description Name, unique among the service accounts of its organization. */
            name?: string;
            /**
             * @description Its role in its organization; null: none.
             * @enum {string|null}
             */
            organizationRole?: "owner" | "admin" | "member" | null;
            status?: components["schemas"]["ServiceAccountStatus"];
        };
        /** @description A key that was just made. */
        NewServiceAccountKey: {
            /**
             * Format: uuid
             * @description UUID of the key.
             */
            id: string;
            /**
             * Format: uuid
             * @description The service account it is a key of.
             */
            serviceAccountId: string;
            /** @description Public part of the key; it names the key in lists and logs. */
            keyId: string;
            /**
             * Format: date-time
             * @description When it is no longer accepted.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to the hour; null: never.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description When it was revoked; null while it is not.
             */
            revokedAt: string | null;
            /** @description Who made it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description What it leaves of the rights of its account; null: all of them. */
            permissions: string[] | null;
            /** @description The environments it reaches, and nothing else; null: whatever its account reaches. */
            environmentIds: string[] | null;
            /** @description The key itself, `envp_<keyId>_<secret>`: shown this once; null when the request is repeated. */
            key: string | null;
        };
        /** @description A new key of a service account. */
        CreateServiceAccountKey: {
            /**
             * @description How many days it is accepted.
             * @default 90
             */
            expiresInDays?: number;
            /** @description Narrows the key to these permissions or patterns; when absent it has all rights of its account. */
            permissions?: string[];
            /** @description Narrows the key to these environments and what is in them; when absent to nothing. */
            environmentIds?: string[];
        };
        /** @description A role of a service account in the environment. */
        EnvironmentGrant: {
            /**
             * Format: uuid
             * @description UUID of the grant.
             */
            id: string;
            /**
             * Format: uuid
             * @description The environment.
             */
            environmentId: string;
            /**
             * @description A service account; users hold memberships.
             * @enum {string}
             */
            granteeType: "service";
            /** @description The service account. */
            granteeId: string;
            role: components["schemas"]["EnvironmentRole"];
            /** @description Who gave it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was given.
             */
            createdAt: string;
        };
        /** @description A role for a service account. */
        CreateEnvironmentGrant: {
            /**
             * Format: uuid
             * @description A service account of the same organization.
             */
            serviceAccountId: string;
            role: components["schemas"]["EnvironmentRole"];
        };
        /** @description Who holds which role on the platform. */
        PlatformGrant: {
            /**
             * Format: uuid
             * @description UUID of the grant.
             */
            id: string;
            granteeType: components["schemas"]["GranteeType"];
            /** @description The user, or the service account of the platform. */
            granteeId: string;
            role: components["schemas"]["PlatformRole"];
            /** @description Who gave it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was given.
             */
            createdAt: string;
        };
        /**
         * @description Whether a role is held by a user or by a service account.
         * @enum {string}
         */
        GranteeType: "user" | "service";
        /**
         * @description Role on the platform. Only an administrator holds access to data.
         * @enum {string}
         */
        PlatformRole: "administrator" | "operator" | "auditor" | "gateway";
        /** @description A role on the platform for a user or service account. */
        CreatePlatformGrant: {
            granteeType: components["schemas"]["GranteeType"];
            /** @description The user, or a service account of the platform. */
            granteeId: string;
            role: components["schemas"]["PlatformRole"];
        };
        /** @description The caller, and where they belong. */
        Me: {
            kind: components["schemas"]["ActorKind"];
            /** @description Id of a user or service account, or `platform`. */
            id: string;
            /** @description Who vouches for the caller. */
            issuer: string;
            /** @description The caller as the issuer knows them. */
            subject: string;
            /** @description As the issuer says; null when it says none. */
            email: string | null;
            /** @description Who acts for this user; null when they act themselves. */
            actor: {
                kind: components["schemas"]["ActorKind"];
                /** @description Id of a user or service account, or `platform`. */
                id: string;
            } | null;
            /** @description Role on the platform; null for none. */
            platformRole: components["schemas"]["PlatformRole"] | null;
            /** @description The organizations in which the caller has a role, at most 200. */
            organizations: {
                /** @description Id of the organization. */
                organizationId: string;
                /** @description Short name of the organization in URLs, formed as any slug, but never as a UUID. */
                slug: string;
                /** @description Name that people read, 1 to 255 characters. */
                displayName: string;
                role: components["schemas"]["OrganizationRole"];
            }[];
        };
        /** @description An environment that the caller may see. */
        MyEnvironment: {
            /**
             * Format: uuid
             * @description UUID of the environment.
             */
            id: string;
            /** @description Id of the organization. */
            organizationId: string;
            /** @description Short name of the organization in URLs, formed as any slug, but never as a UUID. */
            organizationSlug: string;
            /** @description Short name in URLs: 1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen. */
            slug: string;
            /** @description Name that people read, 1 to 255 characters. */
            displayName: string;
            envType: components["schemas"]["EnvironmentType"];
            status: components["schemas"]["EnvironmentStatus"];
            /** @description The caller’s own role in it; null where another role lets them see it. */
            role: components["schemas"]["EnvironmentRole"] | null;
        };
        /** @description The active environment of a session. */
        ActiveEnvironment: {
            /**
             * Format: uuid
             * @description The environment that requests of the session are for when they name none; null when there is none.
             */
            environmentId: string | null;
        };
        /** @description Switches the session of the caller. */
        ActivateEnvironment: {
            /**
             * Format: uuid
             * @description The environment to switch to; null for none.
             */
            environmentId: string | null;
        };
        /** @description One entry of the catalogue of permissions. */
        Permission: {
            /** @description `service:resource.action`. */
            permission: string;
            /**
             * @description Where it is held.
             * @enum {string}
             */
            scope: "platform" | "org" | "env";
            /** @description What its holder may do. */
            description: string;
            /** @description The built-in roles that hold it, such as `env:reader`. */
            roles: string[];
        };
        /** @description Who did what to what. The hash chain can be verified from the entries alone. */
        AuditEvent: {
            /** @description The organization whose chain it is in; null: the chain of the platform. */
            organizationId: string | null;
            /**
             * Format: uuid
             * @description The environment it is about.
             */
            environmentId: string | null;
            /** @description Position in the chain, without gaps. */
            seq: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            occurredAt: string;
            actorKind: components["schemas"]["ActorKind"];
            /** @description Who did it. */
            actorId: string;
            /** @description The user on whose behalf it was done. */
            actingFor: string | null;
            /** @description What was done, dotted, such as environment.archive. */
            action: string;
            /** @description What kind of thing it was done to. */
            targetKind: string;
            /** @description Id of that thing. */
            targetId: string;
            outcome: components["schemas"]["AuditOutcome"];
            /** @description Code of the refusal or failure. */
            reason: string | null;
            /** @description The request that caused it; null for the work of the control plane itself. */
            requestId: string | null;
            /** @description Network the request came from, truncated to /24 or /48. */
            clientAddress: string | null;
            /** @description Non-secret fields before and after, from an allow-list per action; 8 KB at most. */
            detail: {
                [key: string]: unknown;
            };
            /** @description Hash of the entry before; 64 zeros for the first one. */
            prevHash: string;
            /** @description SHA-256 of the canonical form (RFC 8785) of every other field. */
            hash: string;
        };
        /** @description What the verification of an audit chain found. */
        AuditVerdict: {
            /** @description Whether every entry is as it was written. */
            ok: boolean;
            /** @description How many entries were compared. */
            checked: number;
            /** @description The newest sequence number; 0 for an empty chain. */
            head: number;
            /** @description Hash of that entry. Keep both elsewhere, as a checkpoint; 64 zeros for an empty chain. */
            headHash: string;
            /** @description The first entry that was changed, removed, inserted or moved; that of the checkpoint when it is not met. */
            firstBadSeq?: number;
        };
        /** @description Which audit chain to verify. */
        VerifyAuditEvents: {
            /** @description Whose chain; that of the platform when absent. */
            organizationId?: string;
            /** @description Where to begin; at the first entry when absent. */
            fromSeq?: number;
            /** @description What was found before and kept elsewhere: shows a chain that was cut off or rewritten since. */
            checkpoint?: {
                /** @description `head` of an earlier verdict; not before the entry before `fromSeq`. */
                seq: number;
                /** @description `headHash` of that verdict. */
                hash: string;
            };
        };
        /** @description A key that environment tokens are signed with; never its private part. */
        SigningKey: {
            /** @description Key id: the SHA-256 thumbprint of the public key (RFC 7638). */
            kid: string;
            alg: components["schemas"]["SigningAlgorithm"];
            status: components["schemas"]["SigningKeyStatus"];
            /**
             * Format: date-time
             * @description When it was made and published.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it began to sign.
             */
            activatedAt: string | null;
            /**
             * Format: date-time
             * @description While retiring: when it leaves the key set.
             */
            retireAfter: string | null;
            /**
             * Format: date-time
             * @description When it was revoked.
             */
            revokedAt: string | null;
        };
        /**
         * @description Algorithm of a signing key (RFC 7518, RFC 8037). One key has one, and a token cannot choose it.
         * @enum {string}
         */
        SigningAlgorithm: "RS256" | "ES256" | "EdDSA";
        /**
         * @description standby: published and not yet used; active: signs; retiring: published until the last token it signed has expired; revoked: out of use at once.
         * @enum {string}
         */
        SigningKeyStatus: "standby" | "active" | "retiring" | "revoked";
        /** @description A key-encryption key that wraps data keys. */
        EncryptionKey: {
            /** @description Id of the key encryptor: `local`, `aws-kms`. */
            encryptor: string;
            /** @description Id of the key-encryption key, as its encryptor names it. */
            kekId: string;
            /** @description Whether new data keys are wrapped under it. */
            current: boolean;
            /** @description How many data keys it wraps. */
            dataKeys: number;
        };
        /** @description Where data keys are to be wrapped. */
        MoveEncryptionKeys: {
            /** @description Id of the key encryptor: `local`, `aws-kms`. */
            to: string;
        };
        /** @description A token for one environment. */
        EnvironmentToken: {
            /** @description The environment token (RFC 9068), for `Authorization: Bearer`. */
            accessToken: string;
            /**
             * @description How it is presented.
             * @enum {string}
             */
            tokenType: "Bearer";
            /** @description Seconds until it expires. */
            expiresIn: number;
            /** @description The permissions it has, separated by spaces. */
            scope: string;
            /**
             * Format: uuid
             * @description The one environment it is good for.
             */
            environmentId: string;
        };
        /** @description What the environment token is to be like. */
        IssueToken: {
            /** @description Permissions that the token is to have, separated by spaces; all that is held when absent. */
            scope?: string;
            /** @description Life of the token: for a user 300, which is also the most; for a service 600, and 3600 at most. */
            lifetimeSeconds?: number;
            permissionFormat?: components["schemas"]["PermissionFormat"];
        };
        /**
         * @description concrete: every permission by name; patterns: as granted, wildcards included, which is shorter.
         * @enum {string}
         */
        PermissionFormat: "concrete" | "patterns";
        /** @description A token response (RFC 6749 §5.1). */
        TokenResponse: {
            /** @description The environment token (RFC 9068). */
            access_token: string;
            /**
             * @description What it is (RFC 8693 §3).
             * @enum {string}
             */
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token";
            /**
             * @description How it is presented.
             * @enum {string}
             */
            token_type: "Bearer";
            /** @description Seconds until it expires. */
            expires_in: number;
            /** @description The permissions it has, separated by spaces. */
            scope: string;
        };
        /** @description A problem that is an OAuth error as well. */
        OAuthProblem: {
            /** @description `urn:envplane:problem:` and the code. */
            type: string;
            /** @description What the code means, the same for every occurrence. */
            title: string;
            /** @description HTTP status. */
            status: number;
            /** @description One sentence: what could not be done, to what, and the next act. */
            detail: string;
            /** @description Stable snake_case code; programs decide by it. */
            code: string;
            /** @description Id of a request, from `X-Request-Id` or made on arrival. */
            requestId: string;
            /** @description With validation_failed: every wrong field. */
            errors?: components["schemas"]["ProblemFieldError"][];
            /** @description Permissions that would have been needed. */
            missing?: string[];
            /** @description The state the resource is in. */
            state?: string;
            /** @description The states in which the request is possible. */
            allowed?: string[];
            /**
             * Format: uuid
             * @description The operation to look at or to wait for.
             */
            operationId?: string;
            /** @description Error code of RFC 6749 §5.2 or RFC 8693 §2.2.2. */
            error: string;
            /** @description The same sentence as `detail`. */
            error_description: string;
        };
        /** @description A token request (RFC 6749 §4.4, RFC 8693 §2.1). */
        TokenRequest: {
            /** @description `client_credentials`, or `urn:ietf:params:oauth:grant-type:token-exchange`. */
            grant_type: string;
            /** @description `env:<environment id>`. */
            audience: string;
            /** @description Permissions that the token is to have, separated by spaces; all that is held when absent. */
            scope?: string;
            /** @description Id of a service account, unless the request has it in `Authorization: Basic`. */
            client_id?: string;
            /** @description A key of that service account. */
            client_secret?: string;
            /** @description Token exchange: an identity token of a configured issuer, or a session token of the host. */
            subject_token?: string;
            /** @description Token exchange: `urn:ietf:params:oauth:token-type:` with `jwt`, `id_token` or `access_token`. */
            subject_token_type?: string;
            /** @description Token exchange: `urn:ietf:params:oauth:token-type:access_token`, or absent. */
            requested_token_type?: string;
            /** @description Not supported: a service that acts for a user authenticates as the client. */
            actor_token?: string;
            /** @description Not supported: name the environment in `audience`. */
            resource?: string;
        };
        /** @description The public keys that environment tokens are verified with (RFC 7517 §5). */
        JwkSet: {
            /** @description Every key that a token in use may be signed with, and the next. */
            keys: components["schemas"]["PublicJwk"][];
        };
        /** @description A public key (RFC 7517). */
        PublicJwk: {
            /**
             * @description Key type.
             * @enum {string}
             */
            kty: "RSA" | "EC" | "OKP";
            /** @description Key id: the SHA-256 thumbprint of the public key (RFC 7638). */
            kid: string;
            alg: components["schemas"]["SigningAlgorithm"];
            /**
             * @description It verifies signatures.
             * @enum {string}
             */
            use: "sig";
            /** @description RSA: modulus. */
            n?: string;
            /** @description RSA: exponent. */
            e?: string;
            /** @description EC, OKP: curve. */
            crv?: string;
            /** @description EC, OKP: coordinate, or the key itself. */
            x?: string;
            /** @description EC: coordinate. */
            y?: string;
        };
        /** @description Withdrawn environment tokens. */
        EpochFeed: {
            /** @description What changed, oldest first. An entry may come again: of two the higher epoch counts. */
            items: (components["schemas"]["TokenEpoch"] | components["schemas"]["RevokedKey"])[];
            /** @description What to ask with next time; there is always one. */
            nextCursor: string;
            /** @description The cursor was too old or none: this begins a full list, which takes the place of what is known. */
            reset: boolean;
            /** @description There are more entries now; ask again at once. */
            more: boolean;
            /**
             * Format: date-time
             * @description The clock of the service.
             */
            serverTime: string;
        };
        /** @description Rights were narrowed: tokens made before are not valid any more. */
        TokenEpoch: {
            /** @description The environment; `*` stands for every one. */
            environmentId: string;
            /** @description The user or service account; empty: everybody in the environment. */
            subject: string;
            /** @description Tokens that carry a lower number for it are no longer valid. */
            epoch: number;
        };
        /** @description A signing key was revoked: tokens signed with it are not valid any more. */
        RevokedKey: {
            /** @description Key id: the SHA-256 thumbprint of the public key (RFC 7638). */
            kid: string;
        };
        /** @description One call of a store: what was asked and how long it took, never a value, a row or an error. */
        StoreCall: {
            /** @description Rises with every call that this process records; tells what is new. */
            seq: number;
            /**
             * Format: date-time
             * @description When it began.
             */
            occurredAt: string;
            plane: components["schemas"]["StorePlane"];
            /**
             * Format: uuid
             * @description Whose database; null for the directory.
             */
            environmentId: string | null;
            method: components["schemas"]["StoreMethod"];
            /** @description The statement, every literal in it replaced by `?`, 2 KB at most; how it ended for a transaction. */
            statement: string;
            /** @description How many values were bound. */
            parameterCount: number;
            /** @description How many rows it returned or changed; null for a transaction and for what failed. */
            rowCount: number | null;
            /** @description Duration in ms. */
            durationMs: number;
            /** @description The request it was made for; null for work in the background. */
            requestId: string | null;
        };
        /**
         * @description directory: the store of the control plane; environment: the database of one environment.
         * @enum {string}
         */
        StorePlane: "directory" | "environment";
        /**
         * @description query: rows; one: the first row; exec: a change; tx: a whole transaction, its statements beside it; migrate: a step of the schema.
         * @enum {string}
         */
        StoreMethod: "query" | "one" | "exec" | "tx" | "migrate";
        /** @description One request and where its time went. */
        Trace: {
            /** @description Id of a request, from `X-Request-Id` or made on arrival. */
            requestId: string;
            /** @description HTTP method. */
            method: string;
            /** @description Pattern of the route, without what stood in its place. */
            route: string;
            /** @description HTTP status of the answer. */
            status: number;
            /** @description Code of the problem that was the answer. */
            code: string | null;
            /** @description Who called; null when nobody could be made out. */
            caller: {
                kind: components["schemas"]["ActorKind"];
                /** @description Id of a user or service account, or `platform`. */
                id: string;
                /** @description Who acted as this principal. */
                actor: {
                    kind: components["schemas"]["ActorKind"];
                    /** @description Id of a user or service account, or `platform`. */
                    id: string;
                } | null;
            } | null;
            /** @description The environments it was about. */
            environmentIds: string[];
            /**
             * Format: date-time
             * @description When the request arrived.
             */
            startedAt: string;
            /** @description From the arrival to the head of the answer, in ms. */
            durationMs: number;
            /** @description The process that served it; a new name with every start. */
            instance: string;
            /** @description Where that process runs, as its operator named it. */
            region: string | null;
            /** @description What it took, in order of ending; 200 at most. */
            hops: components["schemas"]["TraceHop"][];
            /** @description How many hops there were beyond those. */
            droppedHops: number;
        };
        /** @description One part of a request. Hops may lie inside each other and beside each other. */
        TraceHop: {
            name: components["schemas"]["HopName"];
            /**
             * @description Which side it worked on: the control plane, or the data of an environment.
             * @enum {string}
             */
            plane: "directory" | "environment";
            /**
             * Format: uuid
             * @description Whose database; null on the side of the control plane.
             */
            environmentId: string | null;
            /** @description When it began, in ms from the beginning of the request. */
            startMs: number;
            /** @description Duration in ms. */
            durationMs: number;
        };
        /**
         * @description authenticate: who calls; verify: the signature of a token; gate: whether the data may be reached; connect: opening a connection; query: one call of a store; encryptor: the key encryptor; provider: the provider of databases; operation: waiting for one.
         * @enum {string}
         */
        HopName: "authenticate" | "verify" | "gate" | "connect" | "query" | "encryptor" | "provider" | "operation";
        /** @description An environment as the official client reads it. Holds no secret. */
        CloudEnvironment: {
            /** @description Id of the environment. */
            id: string;
            /** @description The organization that owns it. */
            organization_id: string;
            /** @description Short name, unique in the organization. */
            slug: string;
            /** @description Name that people read. */
            display_name: string;
            env_type: components["schemas"]["EnvironmentType"];
            /** @description Whether it is the default of its organization. */
            is_default: boolean;
            /** @description Always false: a host’s own environment is not kept here. */
            is_system: boolean;
            /** @description Label of the region that was asked for. */
            region: string | null;
            plan: components["schemas"]["TenantPlan"];
            status: components["schemas"]["EnvironmentStatus"];
            visibility: components["schemas"]["Visibility"];
            /** @description DNS name; null when it has none. */
            hostname: string | null;
            /** @description Made of the hostname; null without one. */
            console_url: string | null;
            /** @description Made of the hostname; null without one. */
            api_base_url: string | null;
            /** @description Driver of its database. */
            database_driver: string;
            /** @description Where its database is, without user and secret; null while it is made. */
            database_url: string | null;
            /** @description Storage limit in MB (2^20 bytes). */
            storage_limit_mb: number;
            /**
             * Format: date-time
             * @description When its database became usable.
             */
            provisioned_at: string | null;
            /** @description Who created it. */
            created_by: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
            /** @description Labels and notes of the caller; of what failed also `provisioningError` with code and sentence. */
            metadata: {
                [key: string]: unknown;
            } | null;
        };
        /** @description Why a request of the official client was not carried out. */
        CloudError: {
            /**
             * @description Always false.
             * @enum {boolean}
             */
            success: false;
            /** @description What went wrong. */
            error: {
                /** @description Stable code in capital letters. */
                code: string;
                /** @description One sentence: what could not be done, to what, and the next act. */
                message: string;
                /** @description HTTP status. */
                httpStatus: number;
                /** @description Whether the same request may succeed later. */
                retryable: boolean;
                /** @description What else is known. */
                details: {
                    /** @description Id of the request. */
                    requestId: string;
                    /** @description The operation to look at. */
                    operationId?: string;
                    /** @description Every wrong field. */
                    errors?: components["schemas"]["ProblemFieldError"][];
                } & {
                    [key: string]: unknown;
                };
            };
        };
        /** @description The database of an environment. Holds no secret. */
        CloudDatabase: {
            /** @description Driver key. */
            driver: string;
            /** @description Its physical name. */
            database_name: string;
            /** @description Where it is, without user and secret; null while it is made. */
            database_url: string | null;
            /** @description Storage limit in MB (2^20 bytes). */
            storage_limit_mb: number;
            /**
             * Format: date-time
             * @description When it became usable.
             */
            provisioned_at: string | null;
            /** @description Label of where it is. */
            region: string;
        };
        /** @description A credential of a database, without its secret. */
        CloudCredential: {
            /** @description Id of the credential. */
            id: string;
            /** @description State of the credential. */
            status: string;
            /** @description What it allows. */
            authorization: string;
            /** @description The data key that seals its secret. */
            encryption_key_id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it expires; null for never.
             */
            expires_at: string | null;
        };
        /** @description A user with a role in the environment. */
        CloudMember: {
            /** @description The environment. */
            environment_id: string;
            /** @description The user. */
            user_id: string;
            role: components["schemas"]["EnvironmentRole"];
            /** @description Who added the user. */
            invited_by: string;
            /**
             * Format: date-time
             * @description When the membership was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
        };
        /** @description The organization of an environment. */
        CloudOrganization: {
            /** @description Id of the organization. */
            id: string;
            /** @description Short name. */
            slug: string;
            /** @description Name that people read. */
            display_name: string;
            plan: components["schemas"]["TenantPlan"];
        };
        /** @description A new environment, as the official client asks for it. */
        CreateCloudEnvironment: {
            /** @description Id or slug of the organization. */
            organization_id: string;
            /** @description Name that people read, 1 to 255 characters. */
            display_name: string;
            /** @description Short name; made from the display name when absent. */
            slug?: string;
            /**
             * @description What it is for; development when absent.
             * @enum {string}
             */
            env_type?: "production" | "sandbox" | "development" | "test" | "staging" | "preview" | "trial";
            /**
             * @description The same under its old name.
             * @enum {string}
             */
            project_type?: "production" | "sandbox" | "development" | "test" | "staging" | "preview" | "trial";
            plan?: components["schemas"]["TenantPlan"];
            /** @description Label of the region. */
            region?: string;
            /** @description Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones. */
            driver?: string;
            /** @description Makes it the default of the organization, which must have none. */
            is_default?: boolean;
            /** @description Storage limit in MB (2^20 bytes). */
            storage_limit_mb?: number;
            /** @description DNS name; a number is added to its first label when it is taken. */
            hostname?: string;
            visibility?: components["schemas"]["Visibility"];
            /**
             * Format: uuid
             * @description The environment that it begins as a copy of.
             */
            clone_from_environment_id?: string;
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description Changes to an environment; what is absent stays. */
        UpdateCloudEnvironment: {
            /** @description Name that people read, 1 to 255 characters. */
            display_name?: string;
            plan?: components["schemas"]["TenantPlan"];
            /** @description True makes it the default in place of the current one. */
            is_default?: boolean;
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            metadata?: {
                [key: string]: unknown;
            };
            visibility?: components["schemas"]["Visibility"];
            /**
             * @description active resumes or restores, suspended suspends, archived archives.
             * @enum {string}
             */
            status?: "active" | "suspended" | "archived";
        };
        /** @description Asks for another credential. */
        RotateCloudCredential: {
            /** @description Not used: secrets are made here or by the provider. */
            plaintext?: string;
        };
        /** @description The DNS name that an environment is to have. */
        CloudHostname: {
            /** @description DNS name of the environment, unique across all organizations; without port. */
            hostname: string;
        };
        /** @description The DNS name that an environment is to have. */
        ChangeCloudHostname: {
            /** @description DNS name of the environment, unique across all organizations; without port. */
            hostname?: string;
            /** @description One label below the root domain that is configured. */
            subdomain?: string;
        };
        /** @description The plan that an environment is to have. */
        CloudPlan: {
            plan: components["schemas"]["TenantPlan"];
        };
        /** @description A user who is to become a member of the environment. */
        AddCloudMember: {
            /** @description Id of the user, as the identity provider knows it. */
            user_id: string;
            role: components["schemas"]["EnvironmentRole"];
        };
        /** @description The role that a member is to have. */
        ChangeCloudMember: {
            role: components["schemas"]["EnvironmentRole"];
        };
        /** @description A package that was recorded for an environment in version 4. */
        CloudPackage: {
            /** @description Id of the installation. */
            id: string;
            /** @description The environment. */
            environment_id: string;
            /** @description The package. */
            package_id: string;
            /** @description Its version. */
            version: string;
            /** @description As it was recorded. */
            status: string;
            /** @description False when it is disabled. */
            enabled: boolean;
            /** @description Settings of the package. */
            settings: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: date-time
             * @description When it was installed.
             */
            installed_at: string;
            /** @description Who installed it. */
            installed_by: string;
        };
        /** @description A package that is to be installed. */
        InstallPackage: {
            /** @description The package. */
            packageId: string;
            /** @description Its version; the newest when absent. */
            version?: string;
            /** @description Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted. */
            settings?: {
                [key: string]: unknown;
            };
            /** @description Whether it is enabled at once. */
            enableOnInstall?: boolean;
        };
        /** @description The version that a package is to have. */
        UpgradePackage: {
            /** @description The version to upgrade to. */
            targetVersion?: string;
        };
        /** @description How a branch is to be called. */
        RenameBranch: {
            /** @description New name of the branch. */
            newName: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Problem = components['schemas']['Problem'];
export type ProblemFieldError = components['schemas']['ProblemFieldError'];
export type Readiness = components['schemas']['Readiness'];
export type Driver = components['schemas']['Driver'];
export type DriverFacets = components['schemas']['DriverFacets'];
export type Placement = components['schemas']['Placement'];
export type PlacementStatus = components['schemas']['PlacementStatus'];
export type CreatePlacement = components['schemas']['CreatePlacement'];
export type UpdatePlacement = components['schemas']['UpdatePlacement'];
export type Operation = components['schemas']['Operation'];
export type OperationKind = components['schemas']['OperationKind'];
export type OperationStatus = components['schemas']['OperationStatus'];
export type OperationTarget = components['schemas']['OperationTarget'];
export type OperationTargetType = components['schemas']['OperationTargetType'];
export type OperationStep = components['schemas']['OperationStep'];
export type OperationStepStatus = components['schemas']['OperationStepStatus'];
export type OperationStepError = components['schemas']['OperationStepError'];
export type OperationProgress = components['schemas']['OperationProgress'];
export type BlastRadius = components['schemas']['BlastRadius'];
export type OperationError = components['schemas']['OperationError'];
export type RotateAdministrator = components['schemas']['RotateAdministrator'];
export type PlacementCheck = components['schemas']['PlacementCheck'];
export type Inventory = components['schemas']['Inventory'];
export type DestructiveHold = components['schemas']['DestructiveHold'];
export type ComparedPlacement = components['schemas']['ComparedPlacement'];
export type QuarantinedDatabase = components['schemas']['QuarantinedDatabase'];
export type InventoryCheck = components['schemas']['InventoryCheck'];
export type MissingDatabase = components['schemas']['MissingDatabase'];
export type RestoreCheck = components['schemas']['RestoreCheck'];
export type ReleaseHold = components['schemas']['ReleaseHold'];
export type Environment = components['schemas']['Environment'];
export type EnvironmentType = components['schemas']['EnvironmentType'];
export type TenantPlan = components['schemas']['TenantPlan'];
export type EnvironmentStatus = components['schemas']['EnvironmentStatus'];
export type Visibility = components['schemas']['Visibility'];
export type EnvironmentDatabase = components['schemas']['EnvironmentDatabase'];
export type DatabaseCredential = components['schemas']['DatabaseCredential'];
export type DatabaseCredentialStatus = components['schemas']['DatabaseCredentialStatus'];
export type Authorization = components['schemas']['Authorization'];
export type AdoptDatabase = components['schemas']['AdoptDatabase'];
export type PurgeDatabase = components['schemas']['PurgeDatabase'];
export type Organization = components['schemas']['Organization'];
export type OrganizationStatus = components['schemas']['OrganizationStatus'];
export type CreateOrganization = components['schemas']['CreateOrganization'];
export type UpdateOrganization = components['schemas']['UpdateOrganization'];
export type PurgeReceipt = components['schemas']['PurgeReceipt'];
export type Purge = components['schemas']['Purge'];
export type OrganizationMember = components['schemas']['OrganizationMember'];
export type OrganizationRole = components['schemas']['OrganizationRole'];
export type AddOrganizationMember = components['schemas']['AddOrganizationMember'];
export type ChangeOrganizationMember = components['schemas']['ChangeOrganizationMember'];
export type TransferOrganization = components['schemas']['TransferOrganization'];
export type CreateEnvironment = components['schemas']['CreateEnvironment'];
export type UpsertEnvironment = components['schemas']['UpsertEnvironment'];
export type UpdateEnvironment = components['schemas']['UpdateEnvironment'];
export type Forget = components['schemas']['Forget'];
export type CopyEnvironment = components['schemas']['CopyEnvironment'];
export type EnvironmentDatabaseDetail = components['schemas']['EnvironmentDatabaseDetail'];
export type DatabaseHealth = components['schemas']['DatabaseHealth'];
export type Drift = components['schemas']['Drift'];
export type HistoryEntry = components['schemas']['HistoryEntry'];
export type ActorKind = components['schemas']['ActorKind'];
export type AuditOutcome = components['schemas']['AuditOutcome'];
export type Connection = components['schemas']['Connection'];
export type ConnectionRequest = components['schemas']['ConnectionRequest'];
export type EnvironmentMember = components['schemas']['EnvironmentMember'];
export type EnvironmentRole = components['schemas']['EnvironmentRole'];
export type AddEnvironmentMember = components['schemas']['AddEnvironmentMember'];
export type ChangeEnvironmentMember = components['schemas']['ChangeEnvironmentMember'];
export type TransferEnvironment = components['schemas']['TransferEnvironment'];
export type DatabaseCredentialDetail = components['schemas']['DatabaseCredentialDetail'];
export type RotateCredentials = components['schemas']['RotateCredentials'];
export type Admission = components['schemas']['Admission'];
export type ServiceAccount = components['schemas']['ServiceAccount'];
export type ServiceAccountStatus = components['schemas']['ServiceAccountStatus'];
export type ServiceAccountKey = components['schemas']['ServiceAccountKey'];
export type CreateServiceAccount = components['schemas']['CreateServiceAccount'];
export type CreatePlatformAccount = components['schemas']['CreatePlatformAccount'];
export type UpdateServiceAccount = components['schemas']['UpdateServiceAccount'];
export type NewServiceAccountKey = components['schemas']['NewServiceAccountKey'];
export type CreateServiceAccountKey = components['schemas']['CreateServiceAccountKey'];
export type EnvironmentGrant = components['schemas']['EnvironmentGrant'];
export type CreateEnvironmentGrant = components['schemas']['CreateEnvironmentGrant'];
export type PlatformGrant = components['schemas']['PlatformGrant'];
export type GranteeType = components['schemas']['GranteeType'];
export type PlatformRole = components['schemas']['PlatformRole'];
export type CreatePlatformGrant = components['schemas']['CreatePlatformGrant'];
export type Me = components['schemas']['Me'];
export type MyEnvironment = components['schemas']['MyEnvironment'];
export type ActiveEnvironment = components['schemas']['ActiveEnvironment'];
export type ActivateEnvironment = components['schemas']['ActivateEnvironment'];
export type Permission = components['schemas']['Permission'];
export type AuditEvent = components['schemas']['AuditEvent'];
export type AuditVerdict = components['schemas']['AuditVerdict'];
export type VerifyAuditEvents = components['schemas']['VerifyAuditEvents'];
export type SigningKey = components['schemas']['SigningKey'];
export type SigningAlgorithm = components['schemas']['SigningAlgorithm'];
export type SigningKeyStatus = components['schemas']['SigningKeyStatus'];
export type EncryptionKey = components['schemas']['EncryptionKey'];
export type MoveEncryptionKeys = components['schemas']['MoveEncryptionKeys'];
export type EnvironmentToken = components['schemas']['EnvironmentToken'];
export type IssueToken = components['schemas']['IssueToken'];
export type PermissionFormat = components['schemas']['PermissionFormat'];
export type TokenResponse = components['schemas']['TokenResponse'];
export type OAuthProblem = components['schemas']['OAuthProblem'];
export type TokenRequest = components['schemas']['TokenRequest'];
export type JwkSet = components['schemas']['JwkSet'];
export type PublicJwk = components['schemas']['PublicJwk'];
export type EpochFeed = components['schemas']['EpochFeed'];
export type TokenEpoch = components['schemas']['TokenEpoch'];
export type RevokedKey = components['schemas']['RevokedKey'];
export type StoreCall = components['schemas']['StoreCall'];
export type StorePlane = components['schemas']['StorePlane'];
export type StoreMethod = components['schemas']['StoreMethod'];
export type Trace = components['schemas']['Trace'];
export type TraceHop = components['schemas']['TraceHop'];
export type HopName = components['schemas']['HopName'];
export type CloudEnvironment = components['schemas']['CloudEnvironment'];
export type CloudError = components['schemas']['CloudError'];
export type CloudDatabase = components['schemas']['CloudDatabase'];
export type CloudCredential = components['schemas']['CloudCredential'];
export type CloudMember = components['schemas']['CloudMember'];
export type CloudOrganization = components['schemas']['CloudOrganization'];
export type CreateCloudEnvironment = components['schemas']['CreateCloudEnvironment'];
export type UpdateCloudEnvironment = components['schemas']['UpdateCloudEnvironment'];
export type RotateCloudCredential = components['schemas']['RotateCloudCredential'];
export type CloudHostname = components['schemas']['CloudHostname'];
export type ChangeCloudHostname = components['schemas']['ChangeCloudHostname'];
export type CloudPlan = components['schemas']['CloudPlan'];
export type AddCloudMember = components['schemas']['AddCloudMember'];
export type ChangeCloudMember = components['schemas']['ChangeCloudMember'];
export type CloudPackage = components['schemas']['CloudPackage'];
export type InstallPackage = components['schemas']['InstallPackage'];
export type UpgradePackage = components['schemas']['UpgradePackage'];
export type RenameBranch = components['schemas']['RenameBranch'];
export type $defs = Record<string, never>;
export interface operations {
    "service.live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "service.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can take requests. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot; `checks` says why. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    "service.version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        name: "envplane";
                        version: string;
                    };
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "service.metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `route_not_found`: No such route. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "service.openapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "service.docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "service.docsAsset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the file. */
                asset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drivers.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All drivers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["Driver"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All placements. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["Placement"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePlacement"];
            };
        };
        responses: {
            /** @description Added; it takes databases. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `name_taken`: The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `driver_not_configured`: The driver is not configured. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.get": {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` that the caller has; 304 when it is still the current one. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The placement. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.retire": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The placement as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePlacement"];
            };
        };
        responses: {
            /** @description The placement as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.drain": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The placement as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.activate": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The placement as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.rotateAdministrator": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAdministrator"];
            };
        };
        responses: {
            /** @description Replaced; the placement as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Placement"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "placements.check": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the placement. */
                placement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacementCheck"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "inventory.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of the databases that exist. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inventory"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "inventory.check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InventoryCheck"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "inventory.afterRestore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found, and what was begun. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreCheck"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "inventory.release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseHold"];
            };
        };
        responses: {
            /** @description What is known now; nothing is held. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inventory"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "inventory.adopt": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or name of the placement. */
                placement: string;
                /** @description Physical name of the database. */
                database: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdoptDatabase"];
            };
        };
        responses: {
            /** @description The environment that it is now. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted; the operation goes on. */
            202: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. `slug_taken`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "inventory.purge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the placement. */
                placement: string;
                /** @description Physical name of the database. */
                database: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PurgeDatabase"];
            };
        };
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `confirmation_mismatch`: The confirmation does not match. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.list": {
        parameters: {
            query?: {
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["Organization"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOrganization"];
            };
        };
        responses: {
            /** @description Created; its default environment is ready. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_failed`: The operation failed. `quota_exceeded`: A quota is reached. `slug_taken`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `driver_not_configured`: The driver is not configured. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.get": {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` that the caller has; 304 when it is still the current one. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOrganization"];
            };
        };
        responses: {
            /** @description The organization as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.archive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deletion_protected`: Protected from deletion. `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.restore": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizations.purge": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Purge"];
            };
        };
        responses: {
            /** @description Removed; the receipt says what was removed and when. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurgeReceipt"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deletion_protected`: Protected from deletion. `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `confirmation_mismatch`: The confirmation does not match. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizationMembers.list": {
        parameters: {
            query?: {
                /** @description Role in an organization. None of them gives access to data. */
                role?: components["schemas"]["OrganizationRole"];
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["OrganizationMember"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizationMembers.add": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddOrganizationMember"];
            };
        };
        responses: {
            /** @description The membership. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationMember"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_member`: Already a member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizationMembers.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
                /** @description Id of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner`: The last owner stays. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizationMembers.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
                /** @description Id of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeOrganizationMember"];
            };
        };
        responses: {
            /** @description The membership as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationMember"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner`: The last owner stays. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "organizationMembers.transfer": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferOrganization"];
            };
        };
        responses: {
            /** @description The membership of the new owner. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationMember"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.list": {
        parameters: {
            query?: {
                /** @description What the environment is for. */
                envType?: components["schemas"]["EnvironmentType"];
                /** @description Derived from the state of the database. Data requests pass only while it is active. */
                status?: components["schemas"]["EnvironmentStatus"];
                /** @description Only those of this driver. */
                driver?: string;
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["Environment"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEnvironment"];
            };
        };
        responses: {
            /** @description Created; its database is ready. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `default_taken`: The organization has a default environment. `hostname_taken`: The hostname is taken. `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. `quota_exceeded`: A quota is reached. `slug_taken`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `driver_not_configured`: The driver is not configured. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.upsert": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
                /** @description Slug of the environment. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpsertEnvironment"];
            };
        };
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Created; its database is ready. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `default_taken`: The organization has a default environment. `hostname_taken`: The hostname is taken. `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. `quota_exceeded`: A quota is reached. `slug_taken`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `driver_not_configured`: The driver is not configured. `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.get": {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` that the caller has; 304 when it is still the current one. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateEnvironment"];
            };
        };
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `hostname_taken`: The hostname is taken. `slug_taken`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.suspend": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.resume": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.setDefault": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.reapply": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment; its database is looked at now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.archive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deletion_protected`: Protected from deletion. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.restore": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.purge": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Purge"];
            };
        };
        responses: {
            /** @description Removed; the receipt says what was removed and when. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurgeReceipt"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `deletion_protected`: Protected from deletion. `is_default`: The environment is the default. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `confirmation_mismatch`: The confirmation does not match. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.forget": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Forget"];
            };
        };
        responses: {
            /** @description Forgotten; the receipt says what remains and where. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurgeReceipt"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `confirmation_mismatch`: The confirmation does not match. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.copy": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CopyEnvironment"];
            };
        };
        responses: {
            /** @description Created; its database is ready. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `hostname_taken`: The hostname is taken. `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. `quota_exceeded`: A quota is reached. `slug_taken`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `driver_not_configured`: The driver is not configured. `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.database": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The database. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentDatabaseDetail"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.history": {
        parameters: {
            query?: {
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["HistoryEntry"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environments.connect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionRequest"];
            };
        };
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `provider_unavailable`: The database provider cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentMembers.list": {
        parameters: {
            query?: {
                /** @description Role in one environment. */
                role?: components["schemas"]["EnvironmentRole"];
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["EnvironmentMember"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentMembers.add": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddEnvironmentMember"];
            };
        };
        responses: {
            /** @description The membership. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentMember"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_member`: Already a member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentMembers.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner`: The last owner stays. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentMembers.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEnvironmentMember"];
            };
        };
        responses: {
            /** @description The membership as it is now. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentMember"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner`: The last owner stays. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentMembers.transfer": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferEnvironment"];
            };
        };
        responses: {
            /** @description The membership of the new owner. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentMember"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentCredentials.list": {
        parameters: {
            query?: {
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["DatabaseCredentialDetail"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentCredentials.rotate": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateCredentials"];
            };
        };
        responses: {
            /** @description The credentials as they are now, newest first. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["DatabaseCredentialDetail"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "environmentCredentials.revoke": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the credential. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The credentials as they are now, newest first. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["DatabaseCredentialDetail"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "gate.check": {
        parameters: {
            query: {
                /** @description What the caller would do, such as env:data.read. */
                permission: string;
            };
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller may. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Admission"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `access_denied`: Access is denied. `act_as_not_allowed`: Acting as a user is not allowed. `environment_not_active`: The environment is not active. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.listOfOrganization": {
        parameters: {
            query?: {
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["ServiceAccount"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.createInOrganization": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or slug of the organization. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateServiceAccount"];
            };
        };
        responses: {
            /** @description The service account. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `name_taken`: The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.list": {
        parameters: {
            query?: {
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["ServiceAccount"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePlatformAccount"];
            };
        };
        responses: {
            /** @description The service account. */
            201: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `name_taken`: The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `"v<version>"` that was read; refused with 412 when it has changed. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the service account. */
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateServiceAccount"];
            };
        };
        responses: {
            /** @description The service account. */
            200: {
                headers: {
                    /** @description `"v<version>"`, for `If-Match` and `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `name_taken`: The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `unsupported`: The driver cannot do this. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.createKey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the service account. */
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateServiceAccountKey"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewServiceAccountKey"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `quota_exceeded`: A quota is reached. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "serviceAccounts.revokeKey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the service account. */
                account: string;
                /** @description Public part of the key, `keyId`. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "grants.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["EnvironmentGrant"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "grants.add": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEnvironmentGrant"];
            };
        };
        responses: {
            /** @description The grant. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentGrant"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_member`: Already a member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "grants.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the grant. */
                grant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "platformGrants.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["PlatformGrant"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "platformGrants.add": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePlatformGrant"];
            };
        };
        responses: {
            /** @description The grant. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformGrant"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_member`: Already a member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "platformGrants.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of the grant. */
                grant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `escalation`: More than the caller holds. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.describe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.environments": {
        parameters: {
            query?: {
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["MyEnvironment"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.activeEnvironment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The active environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveEnvironment"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.activateEnvironment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivateEnvironment"];
            };
        };
        responses: {
            /** @description The active environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveEnvironment"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `environment_not_active`: The environment is not active. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["Permission"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operations.list": {
        parameters: {
            query?: {
                /** @description Only those of this organization. */
                organizationId?: string;
                /** @description Only those on this environment. */
                environmentId?: string;
                /** @description How far it is. failed stays until it is retried or superseded. */
                status?: components["schemas"]["OperationStatus"];
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["Operation"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operations.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the operation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operations.events": {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the last event that was seen; the stream goes on after it. */
                "last-event-id"?: string;
            };
            path: {
                /** @description Id of the operation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events named `operation`: `id` is the version, `data` the operation as JSON. A comment every 15 s. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operations.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the operation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation, finished. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operations.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path: {
                /** @description Id of the operation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation that undid it, finished. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auditEvents.list": {
        parameters: {
            query?: {
                /** @description Whose chain; that of the platform when absent. */
                organizationId?: string;
                /** @description Only entries about this environment. */
                environmentId?: string;
                /** @description Only what this user, service account or `platform` did. */
                actorId?: string;
                /** @description Only entries of this action. */
                action?: string;
                /** @description Only what was done to the thing of this id. */
                targetId?: string;
                /** @description allow: done; deny: refused; error: permitted, but it failed. */
                outcome?: components["schemas"]["AuditOutcome"];
                /** @description Only what happened then or later. */
                since?: string;
                /** @description Only what happened before. */
                until?: string;
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["AuditEvent"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auditEvents.verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyAuditEvents"];
            };
        };
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "signingKeys.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys, revoked ones included. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["SigningKey"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "signingKeys.rotate": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key that signs now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKey"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. `tokens_not_configured`: No tokens are issued here. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "signingKeys.revoke": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Key id: the SHA-256 thumbprint of the public key (RFC 7638). */
                kid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKey"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "encryptionKeys.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys in use, the current one first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["EncryptionKey"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "encryptionKeys.rotate": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the keys in use now. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["EncryptionKey"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "encryptionKeys.rewrap": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the keys in use now. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["EncryptionKey"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "encryptionKeys.move": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repetition safe for 24 hours: the same key and request gives the same operation and result. */
                "idempotency-key"?: string;
                /** @description `wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveEncryptionKeys"];
            };
        };
        responses: {
            /** @description Done; the keys in use now. */
            200: {
                headers: {
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["EncryptionKey"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Accepted and still running. */
            202: {
                headers: {
                    /** @description Where what was made, or the operation that is still running, is found. */
                    Location?: string;
                    /** @description The operation that did it; absent when nothing had to be done. */
                    "Operation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. `operation_failed`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `operation_in_progress`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tokens.issue": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueToken"];
            };
        };
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentToken"];
                };
            };
            /** @description `invalid_scope`: The scope is more than is held. `malformed_request`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_state`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `token_too_large`: The token would be too large. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. `tokens_not_configured`: No tokens are issued here. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tokens.exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description `invalid_grant`: The grant is not valid. `invalid_scope`: The scope is more than is held. `invalid_target`: No token for this audience. `malformed_request`: The request is malformed. `unsupported_grant_type`: The grant type is not supported. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `invalid_client`: The client is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `token_too_large`: The token would be too large. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
            /** @description `encryptor_unavailable`: The key encryptor cannot be reached. `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. `tokens_not_configured`: No tokens are issued here. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OAuthProblem"];
                    "application/json": components["schemas"]["OAuthProblem"];
                };
            };
        };
    };
    "tokens.keySet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key set. */
            200: {
                headers: {
                    /** @description Good for five minutes. */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwkSet"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tokens.epochs": {
        parameters: {
            query?: {
                /** @description `nextCursor` of the answer before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was withdrawn. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EpochFeed"];
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tracing.storeCalls": {
        parameters: {
            query?: {
                /** @description Only calls of this environment’s database; without it, of all stores. */
                environmentId?: string;
                /** @description Only calls of this side. */
                plane?: "directory" | "environment";
                /** @description Only calls made for this request. */
                requestId?: string;
                /** @description How many entries a page has at most. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The entries, in the order of the list. */
                        items: components["schemas"]["StoreCall"][];
                        /** @description Cursor of the next page; null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `cursor_invalid`: The cursor is not valid. `cursor_mismatch`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tracing.trace": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `X-Request-Id` of the answer. */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request and its parts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            /** @description `invalid_token`: The credential is not valid. `unauthenticated`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `act_as_not_allowed`: Acting as a user is not allowed. `permission_denied`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `uri_too_long`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers_too_large`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `issuer_unavailable`: The identity issuer cannot be reached. `store_unavailable`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "cloudEnvironments.list": {
        parameters: {
            query?: {
                /** @description Id or slug of the organization. */
                organizationId?: string;
                /** @description What the environment is for. */
                envType?: components["schemas"]["EnvironmentType"];
                /** @description Derived from the state of the database. Data requests pass only while it is active. */
                status?: components["schemas"]["EnvironmentStatus"];
                /** @description Most rows of the answer. */
                limit?: number;
                /** @description `nextCursor` of the answer before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environments. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description The environments. */
                            environments: components["schemas"]["CloudEnvironment"][];
                            /** @description The same under their old name. */
                            projects: components["schemas"]["CloudEnvironment"][];
                            /** @description How many there are in all. */
                            total: number;
                            /** @description Where the list goes on; null at its end. */
                            nextCursor: string | null;
                        };
                    };
                };
            };
            /** @description `CURSOR_INVALID`: The cursor is not valid. `CURSOR_MISMATCH`: The cursor belongs to another list. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCloudEnvironment"];
            };
        };
        responses: {
            /** @description Accepted. Its status tells whether its database is ready. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                            /** @description What was done otherwise than asked for, one sentence each. */
                            warnings: string[];
                            /** @description How long it took, in ms. */
                            durationMs: number;
                            /** @description Present when it has another DNS name than was asked for. */
                            hostnameAssignment?: {
                                /** @description The DNS name that was taken. */
                                requestedHostname: string;
                                /** @description The one that it has instead. */
                                assignedHostname: string;
                            };
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `DEFAULT_TAKEN`: The organization has a default environment. `HOSTNAME_TAKEN`: The hostname is taken. `INVALID_STATE`: Not possible in this state. `QUOTA_EXCEEDED`: A quota is reached. `SLUG_TAKEN`: The slug is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `DRIVER_NOT_CONFIGURED`: The driver is not configured. `UNSUPPORTED`: The driver cannot do this. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ENCRYPTOR_UNAVAILABLE`: The key encryptor cannot be reached. `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `PROVIDER_UNAVAILABLE`: The database provider cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                            database: components["schemas"]["CloudDatabase"];
                            credential?: components["schemas"]["CloudCredential"];
                            membership?: components["schemas"]["CloudMember"];
                            organization?: components["schemas"]["CloudOrganization"];
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.remove": {
        parameters: {
            query?: {
                /** @description 1 for the default environment. */
                force?: "0" | "1" | "true" | "false";
            };
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Archived. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /**
                             * @description Always true: nobody is let in any more.
                             * @enum {boolean}
                             */
                            deleted: true;
                            /** @description Id of the environment. */
                            environmentId: string;
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                            /** @description What was done otherwise than asked for, one sentence each. */
                            warnings: string[];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `DELETION_PROTECTED`: Protected from deletion. `INVALID_STATE`: Not possible in this state. `IS_DEFAULT`: The environment is the default. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateCloudEnvironment"];
            };
        };
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `DELETION_PROTECTED`: Protected from deletion. `INVALID_STATE`: Not possible in this state. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.activate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                            /** @description Whether there is a session, which is switched now. */
                            sessionUpdated: boolean;
                            /** @description What was done otherwise than asked for, one sentence each. */
                            warnings: string[];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `ENVIRONMENT_NOT_ACTIVE`: The environment is not active. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.rotateCredential": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateCloudCredential"];
            };
        };
        responses: {
            /** @description The credential in use. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            credential: components["schemas"]["CloudCredential"];
                            /** @description What was done otherwise than asked for, one sentence each. */
                            warnings: string[];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_STATE`: Not possible in this state. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED`: The driver cannot do this. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `OPERATION_PENDING`: The operation is still running. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.updateHostname": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloudHostname"];
            };
        };
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HOSTNAME_TAKEN`: The hostname is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.changeHostname": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeCloudHostname"];
            };
        };
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HOSTNAME_TAKEN`: The hostname is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.changePlan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloudPlan"];
            };
        };
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_STATE`: Not possible in this state. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ENCRYPTOR_UNAVAILABLE`: The key encryptor cannot be reached. `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.suspend": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_STATE`: Not possible in this state. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_STATE`: Not possible in this state. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.archive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `DELETION_PROTECTED`: Protected from deletion. `INVALID_STATE`: Not possible in this state. `OPERATION_FAILED`: The operation failed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `OPERATION_IN_PROGRESS`: An operation is in progress. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudEnvironments.setDefault": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            environment: components["schemas"]["CloudEnvironment"];
                            project: components["schemas"]["CloudEnvironment"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_STATE`: Not possible in this state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudMembers.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description The members. */
                            members: components["schemas"]["CloudMember"][];
                            /** @description How many there are. */
                            total: number;
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudMembers.add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddCloudMember"];
            };
        };
        responses: {
            /** @description The membership. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            member: components["schemas"]["CloudMember"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `ESCALATION`: More than the caller holds. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ALREADY_MEMBER`: Already a member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudMembers.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /**
                             * @description Always true.
                             * @enum {boolean}
                             */
                            deleted: true;
                            /** @description The environment. */
                            environmentId: string;
                            /** @description Who was a member. */
                            userId: string;
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `ESCALATION`: More than the caller holds. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `LAST_OWNER`: The last owner stays. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudMembers.change": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeCloudMember"];
            };
        };
        responses: {
            /** @description The membership. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            member: components["schemas"]["CloudMember"];
                        };
                    };
                };
            };
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `ESCALATION`: More than the caller holds. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `LAST_OWNER`: The last owner stays. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The packages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description The packages, by name. */
                            packages: components["schemas"]["CloudPackage"][];
                            /** @description How many there are. */
                            total: number;
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.install": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstallPackage"];
            };
        };
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `PACKAGES_NOT_SUPPORTED`: Packages are not installed here. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the package. */
                pkg: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The package. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            package: components["schemas"]["CloudPackage"];
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.uninstall": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the package. */
                pkg: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `PACKAGES_NOT_SUPPORTED`: Packages are not installed here. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the package. */
                pkg: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `PACKAGES_NOT_SUPPORTED`: Packages are not installed here. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the package. */
                pkg: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `PACKAGES_NOT_SUPPORTED`: Packages are not installed here. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudPackages.upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Id of the package. */
                pkg: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpgradePackage"];
            };
        };
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `PACKAGES_NOT_SUPPORTED`: Packages are not installed here. `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudArtifacts.listRevisions": {
        parameters: {
            query?: {
                /** @description Most entries of the answer. */
                limit?: number;
                /** @description Of an answer before; none is ever given. */
                cursor?: string;
                /** @description Only those of this branch. */
                branch?: string;
            };
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description None. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description Always empty. */
                            items: unknown[];
                            /** @description Always null. */
                            nextCursor: null;
                            /** @description The branch that was asked for. */
                            branch: string | null;
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudArtifacts.listBranches": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description None. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description The environment. */
                            environmentId: string;
                            /** @description Always empty. */
                            branches: unknown[];
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudArtifacts.renameBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Name of the branch. */
                branch: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameBranch"];
            };
        };
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BRANCH_NOT_FOUND`: No such branch. `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudArtifacts.deleteBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the environment. */
                env: string;
                /** @description Name of the branch. */
                branch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `MALFORMED_REQUEST`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BRANCH_NOT_FOUND`: No such branch. `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudService.listDrivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The drivers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description The drivers. */
                            drivers: {
                                /** @description Driver key. */
                                name: string;
                                /** @description The same with a prefix, as the client shows it. */
                                driverId: string;
                            }[];
                            /** @description How many there are. */
                            total: number;
                        };
                    };
                };
            };
            /** @description `INVALID_TOKEN`: The credential is not valid. `UNAUTHENTICATED`: A credential is required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ACT_AS_NOT_ALLOWED`: Acting as a user is not allowed. `PERMISSION_DENIED`: The permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE`: The identity issuer cannot be reached. `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
    "cloudService.resolveHostname": {
        parameters: {
            query: {
                /** @description DNS name, with or without port. */
                host: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true.
                         * @enum {boolean}
                         */
                        success: true;
                        /** @description What was asked for. */
                        data: {
                            /** @description Id of the environment. */
                            environmentId: string;
                            /** @description Its DNS name. */
                            hostname: string;
                        };
                    };
                };
            };
            /** @description `NOT_FOUND`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `URI_TOO_LONG`: The URL is too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `VALIDATION_FAILED`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
            /** @description `STORE_UNAVAILABLE`: The store cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudError"];
                };
            };
        };
    };
}
