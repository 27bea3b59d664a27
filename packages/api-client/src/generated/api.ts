/**
 * Generated from the OpenAPI document by `npm run generate`. Do not edit: change the endpoints in
 * `packages/manager-core/src/http` and the shapes in `packages/shared/src/api`, then renew it.
 *
 * @module
 */

export interface components {
    schemas: {
        Admin: {
            id: components["schemas"]["Id"];
            name: string;
        };
        App: {
            created_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            name: string;
            revision: number;
            settings: components["schemas"]["AppSettings"];
            slug: components["schemas"]["Slug"];
            updated_at: components["schemas"]["Time"];
        };
        AppExport: {
            exported_at: components["schemas"]["Time"];
            /** @constant */
            format: "picloud-app";
            /** @constant */
            format_version: 1;
            manifest: components["schemas"]["Manifest"];
            slug: components["schemas"]["Slug"];
        };
        AppliedManifest: {
            applied: boolean;
            changes: components["schemas"]["ManifestChange"][];
            /** @description ETag of a manifest, without the quotes. */
            etag: string;
            /** @description ETag of a manifest, without the quotes. */
            previous_etag: string;
        };
        AppSettings: {
            /** @description Which pages of other origins may read answers; null: none. */
            cors: components["schemas"]["CorsSettings"] | null;
            /** @description Where on the network its scripts may reach; null: every public address. */
            egress: components["schemas"]["EgressRules"] | null;
            limits: components["schemas"]["OwnLimits"];
            /** @description How many of a hundred successes are recorded; null: as the operator's setting says. Errors always are. */
            record_sampling_percent: number | null;
            /** @description How much of them is kept; null: as the operator's setting says. */
            retention_bytes: number | null;
            /** @description How long execution records are kept; null: as the operator's setting says. */
            retention_days: number | null;
            /** @description Whether answers say in Server-Timing how long they took. */
            server_timing: boolean;
            /** @description Host services its scripts can call; the others are not there. Null: all. */
            services: components["schemas"]["GrantedServices"] | null;
            /** @description Whether callers see the message and position of an error no script caught. */
            show_error_detail: boolean;
        };
        AppSettingsChange: {
            /** @description Replaced whole; null: pages of other origins may read nothing. */
            cors?: components["schemas"]["CorsSettingsChange"] | null;
            /** @description The lists to change; null: every public address. */
            egress?: components["schemas"]["EgressRulesChange"] | null;
            limits?: components["schemas"]["OwnLimitsChange"];
            /** @description How many of a hundred successes are recorded; null: as the operator's setting says. Errors always are. */
            record_sampling_percent?: number | null;
            /** @description How much of them is kept; null: as the operator's setting says. */
            retention_bytes?: number | null;
            /** @description How long execution records are kept; null: as the operator's setting says. */
            retention_days?: number | null;
            /** @description Whether answers say in Server-Timing how long they took. */
            server_timing?: boolean;
            /** @description Host services its scripts can call; the others are not there. Null: all. */
            services?: components["schemas"]["GrantedServices"] | null;
            /** @description Whether callers see the message and position of an error no script caught. */
            show_error_detail?: boolean;
        };
        AuditEntry: {
            action: string;
            actor: {
                id: components["schemas"]["Id"] | null;
                kind: string;
                name: string;
            };
            address: string;
            after: {
                [key: string]: unknown;
            } | null;
            app_id: components["schemas"]["Id"] | null;
            at: components["schemas"]["Time"];
            before: {
                [key: string]: unknown;
            } | null;
            id: components["schemas"]["Id"];
            request_id: string;
            target: {
                id: components["schemas"]["Id"] | null;
                name: string;
                type: string;
            };
        };
        Certificate: {
            /** @description The server at port 443 that showed it. */
            address: string;
            /** @description Below 0 when it has expired. */
            days_left: number;
            issuer: string;
            /** @description Whether it is for the name that was asked for. */
            matches: boolean;
            names: string[];
            subject: string;
            /** @description Why it is not trusted. */
            trust_problem: string | null;
            trusted: boolean;
            valid_from: components["schemas"]["Time"];
            valid_to: components["schemas"]["Time"];
        };
        CorsSettings: {
            /** @description Whether requests may carry cookies. Never together with * as an origin. */
            credentials: boolean;
            /** @description Headers of answers they may read besides the usual ones. */
            expose_headers: string[];
            /** @description Request headers they may set; *: any. */
            headers: string[];
            /** @description How long a browser need not ask again. */
            max_age_seconds: number;
            /** @description What they may send. */
            methods: ("DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT")[];
            /** @description Whose pages may read answers: origins, patterns of whole labels, or *. */
            origins: string[];
        };
        CorsSettingsChange: {
            /**
             * @description Whether requests may carry cookies. Never together with * as an origin.
             * @default false
             */
            credentials?: boolean;
            /**
             * @description Headers of answers they may read besides the usual ones.
             * @default []
             */
            expose_headers?: string[];
            /**
             * @description Request headers they may set; *: any.
             * @default [
             *       "*"
             *     ]
             */
            headers?: string[];
            /**
             * @description How long a browser need not ask again.
             * @default 600
             */
            max_age_seconds?: number;
            /**
             * @description What they may send.
             * @default [
             *       "DELETE",
             *       "GET",
             *       "HEAD",
             *       "PATCH",
             *       "POST",
             *       "PUT"
             *     ]
             */
            methods?: ("DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT")[];
            /** @description Whose pages may read answers: origins, patterns of whole labels, or *. */
            origins: string[];
        };
        /** @description The only answer that holds the text of the token. */
        CreatedToken: {
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            last_used_at: components["schemas"]["Time"] | null;
            name: string;
            scopes: ("admin" | "execute" | "read")[];
            token: string;
        };
        DiffLine: {
            /** @enum {string} */
            change: "kept" | "removed" | "added";
            has_line_break: boolean;
            text: string;
        };
        DnsRecord: {
            name: string;
            /** @enum {string} */
            type: "A" | "AAAA" | "CNAME";
            value: string;
        };
        Domain: {
            app_id: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            pattern: string;
            shape_key: string;
        };
        DomainCheck: {
            checked_at: components["schemas"]["Time"];
            dns: {
                expected: {
                    addresses: string[];
                    /** @enum {string} */
                    from: "setting" | "interfaces" | "unknown";
                };
                found: components["schemas"]["DnsRecord"][];
                message: string;
                needed: components["schemas"]["NeededDnsRecord"][];
                /** @enum {string} */
                state: "ok" | "elsewhere" | "missing" | "unknown" | "local";
            };
            domain_id: components["schemas"]["Id"];
            /** @description The name that was looked up: one that the claim covers. */
            host: string;
            pattern: string;
            tls: {
                certificate: components["schemas"]["Certificate"] | null;
                message: string;
                /** @description Why there is no certificate; null where there is one. */
                reason: ("local" | "no_address" | "not_public" | "refused" | "timeout" | "unreachable" | "no_tls") | null;
            };
        };
        EgressRules: {
            /** @description Hosts, *.suffixes, addresses and ranges to open that are private addresses. */
            allow: string[];
            /** @description What is closed, public or not; wins over allow. *: all that allow does not list. */
            deny: string[];
        };
        EgressRulesChange: {
            /** @description Hosts, *.suffixes, addresses and ranges to open that are private addresses. */
            allow?: string[];
            /** @description What is closed, public or not; wins over allow. *: all that allow does not list. */
            deny?: string[];
        };
        Execution: {
            app_id: components["schemas"]["Id"];
            duration_ms: number;
            error: {
                code: string;
                column: number | null;
                kind: string | null;
                line: number | null;
                message: string;
            } | null;
            id: components["schemas"]["Id"];
            logs: {
                at: components["schemas"]["Time"];
                fields?: {
                    [key: string]: unknown;
                };
                /** @enum {string} */
                level: "debug" | "info" | "warn" | "error";
                message: string;
            }[];
            logs_dropped: number;
            method: string | null;
            operations: number;
            /** @enum {string} */
            outcome: "ok" | "error";
            parent_id: components["schemas"]["Id"] | null;
            path: string | null;
            route_id: components["schemas"]["Id"] | null;
            script_id: components["schemas"]["Id"];
            script_name: string;
            started_at: components["schemas"]["Time"];
            status: number;
            /** @enum {string} */
            trigger: "http" | "execute" | "schedule" | "queue" | "test" | "call";
            version: number;
        };
        ExecutionStatistics: {
            buckets: {
                at: components["schemas"]["Time"];
                count: number;
                errors: number;
                operations: number;
                p50_ms: number | null;
                p95_ms: number | null;
                p99_ms: number | null;
            }[];
            since: components["schemas"]["Time"];
            step: number;
            total: {
                count: number;
                error_rate: number;
                errors: number;
                operations: number;
                p50_ms: number | null;
                p95_ms: number | null;
                p99_ms: number | null;
            };
            until: components["schemas"]["Time"];
        };
        Explanation: {
            allow: string[];
            app: {
                id: components["schemas"]["Id"];
                slug: components["schemas"]["Slug"];
            } | null;
            claims: {
                app: {
                    id: components["schemas"]["Id"];
                    slug: components["schemas"]["Slug"];
                };
                id: components["schemas"]["Id"];
                pattern: string;
                reason: string;
                /** @enum {string} */
                verdict: "wins" | "less_specific" | "admin_host" | "not_asked";
            }[];
            host: string;
            method: string;
            /** @enum {string} */
            outcome: "route" | "hole" | "path_unknown" | "method_not_allowed" | "options" | "path_malformed" | "host_unknown" | "admin_host" | "picloud" | "execute";
            params: {
                [key: string]: string;
            };
            path: string;
            reason: string;
            route_id: components["schemas"]["Id"] | null;
            routes: {
                reason: string;
                route: components["schemas"]["Route"];
                /** @enum {string} */
                verdict: "wins" | "less_specific" | "other_method" | "disabled";
            }[];
            script_id: components["schemas"]["Id"] | null;
            status: number | null;
        };
        FormerSlug: {
            hits: number;
            last_hit_at: components["schemas"]["Time"] | null;
            retired_at: components["schemas"]["Time"];
            /** @description Whether nobody used it for 30 days. */
            safe_to_release: boolean;
            /** @description From when on it is safe, if nobody uses it until then. */
            safe_to_release_at: components["schemas"]["Time"];
            slug: components["schemas"]["Slug"];
        };
        GrantedServices: ("http" | "kv" | "script" | "secrets")[];
        Health: {
            /** @constant */
            status: "ok";
        };
        HeldLimits: {
            items: {
                ceiling: number;
                ceiling_setting: string;
                default: number;
                name: string;
                own: number | null;
                setting: string;
                /**
                 * @description Who said so: the app, the operator; ceiling: more was set than the operator allows now.
                 * @enum {string}
                 */
                source: "app" | "operator" | "ceiling";
                unit: string;
                value: number;
            }[];
        };
        /**
         * Format: uuid
         * @description UUID of a stored thing.
         */
        Id: string;
        ImportedApp: {
            app: components["schemas"]["App"];
            changes: components["schemas"]["ManifestChange"][];
            /** @description ETag of a manifest, without the quotes. */
            etag: string;
        };
        KvEntry: {
            key: string;
            /** @description Milliseconds it has left; null: no end. */
            ttl_ms: number | null;
            value: components["schemas"]["KvValue"];
        };
        KvKey: {
            bytes: number;
            key: string;
        };
        /** @description Any data. A whole number is an INT; what JSON has no form for is a map of one entry: `$int`, `$float`, `$char`, `$blob` (base64) or `$map`. */
        KvValue: unknown;
        Manifest: {
            domains: string[];
            name: string;
            routes: {
                enabled: boolean;
                host_pattern: string | null;
                idempotency: components["schemas"]["RouteIdempotency"] | null;
                /** @enum {string} */
                method: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
                path_pattern: string;
                /** @description Null: a hole, which answers 404 where a broader route would fit too. */
                script: components["schemas"]["ScriptName"] | null;
            }[];
            scripts: {
                name: components["schemas"]["ScriptName"];
                source: string;
            }[];
            settings: components["schemas"]["AppSettings"];
        };
        ManifestChange: {
            action: string;
            after: {
                [key: string]: unknown;
            } | null;
            before: {
                [key: string]: unknown;
            } | null;
            diff: {
                is_complete: boolean;
                lines_added: number;
                lines_removed: number;
                unified: string;
            } | null;
            name: string;
            target_type: string;
        };
        NeededDnsRecord: {
            /** @description As a line of a zone file. */
            line: string | null;
            name: string;
            /** @enum {string} */
            type: "A" | "AAAA" | "CNAME";
            /** @description Null: not known here. */
            value: string | null;
        };
        Node: {
            /** @description From where it is connected; null: by a socket of the same machine. */
            address: string | null;
            /** @description Host name of its machine. */
            name: string;
            /** @description Its process there. */
            pid: number;
            /** @enum {string} */
            role: "all-in-one" | "manager" | "orchestrator" | "executor";
            /** @description Since when it is connected to the database. */
            since: components["schemas"]["Time"];
        };
        /** @description Only what was set; for the others holds the app's or the operator's value. */
        OwnLimits: {
            /** @description In items. Items of one array. */
            array_items?: number;
            /** @description In bytes. A request body is held in memory while its script runs. */
            body_bytes?: number;
            /** @description In calls. Nested script function calls; the reference engine allows 64. */
            call_depth?: number;
            /** @description In ms. Processor time one execution computes; waiting for the host does not count. */
            cpu_ms?: number;
            /** @description In bytes. All that one array or map holds, with everything inside it. */
            data_bytes?: number;
            /** @description In ms. Wall-clock time of one execution, from ingress to answer. */
            deadline_ms?: number;
            /** @description In calls. Calls of host services by one execution; each costs the host work of its own. */
            host_calls?: number;
            /** @description In calls. Those among them that may be unanswered at the same time. */
            host_calls_at_once?: number;
            /** @description In bytes. What one call gives to a host service, and what it gets back. */
            host_value_bytes?: number;
            /** @description In calls. How often a `kv::transaction` runs before others have been in its way too often. */
            kv_attempts?: number;
            /** @description In bytes. Keys and values of `kv` that an app holds, together. */
            kv_bytes?: number;
            /** @description In bytes. One key of `kv`; the index that finds it holds no longer ones. */
            kv_key_bytes?: number;
            /** @description In items. Keys of `kv` that an app holds. */
            kv_keys?: number;
            /** @description In items. Keys of `kv` in one page of a list. */
            kv_list_items?: number;
            /** @description In items. Keys one `kv::transaction` may touch: each is locked while it is committed. */
            kv_transaction_keys?: number;
            /** @description In bytes. One value of `kv`; every read of it carries all of it. */
            kv_value_bytes?: number;
            /** @description In bytes. Log lines kept of one execution; the rest is counted. */
            log_bytes?: number;
            /** @description In items. Entries of one map. */
            map_entries?: number;
            /** @description In operations. The meter in the emitted code: a runaway loop stops itself. */
            operations?: number;
            /** @description In bytes. Body of one answer. */
            output_bytes?: number;
            /** @description In bytes. Content of one streamed answer; outputBytesMax holds for each chunk of it. */
            stream_bytes?: number;
            /** @description In ms. Wall-clock time of a streamed answer from its first chunk on. */
            stream_ms?: number;
            /** @description In bytes. Length of one string or blob a script builds. */
            string_bytes?: number;
            /** @description In items. Variables one call of a script function can have in scope. */
            variables?: number;
        };
        /** @description The limits to change; null takes back what was set; the others stay. */
        OwnLimitsChange: {
            array_items?: number | null;
            body_bytes?: number | null;
            call_depth?: number | null;
            cpu_ms?: number | null;
            data_bytes?: number | null;
            deadline_ms?: number | null;
            host_calls?: number | null;
            host_calls_at_once?: number | null;
            host_value_bytes?: number | null;
            kv_attempts?: number | null;
            kv_bytes?: number | null;
            kv_key_bytes?: number | null;
            kv_keys?: number | null;
            kv_list_items?: number | null;
            kv_transaction_keys?: number | null;
            kv_value_bytes?: number | null;
            log_bytes?: number | null;
            map_entries?: number | null;
            operations?: number | null;
            output_bytes?: number | null;
            stream_bytes?: number | null;
            stream_ms?: number | null;
            string_bytes?: number | null;
            variables?: number | null;
        };
        /** @description RFC 9457 problem document. */
        Problem: {
            code: string;
            detail: string;
            errors?: {
                message: string;
                pointer: string;
            }[];
            request_id: string;
            status: number;
            title: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        ProcessesOfRole: {
            count: number;
            /** @description What they share is divided among those that share it; null: not readable. */
            memory_bytes: number | null;
            /** @enum {string} */
            role: "program" | "sandbox" | "database";
        };
        PutKvEntry: {
            /** @default null */
            ttl_ms?: number | null;
            value: components["schemas"]["KvValue"];
        };
        RotatedSecretsKey: {
            /** @description Not so where the key comes from PICLOUD_SECRETS_KEY, or a rotation went on. */
            is_new_key: boolean;
            /** @description Of the key that seals all secrets now. */
            key_id: string;
            /** @description Of the keys that are still kept. */
            old_key_ids: string[];
            /** @description How many secrets, of all apps, another key had sealed. */
            resealed: number;
        };
        Route: {
            app_id: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            enabled: boolean;
            host_pattern: string | null;
            id: components["schemas"]["Id"];
            /** @description What is done with requests that are sent again; null: they run again. */
            idempotency: components["schemas"]["RouteIdempotency"] | null;
            /** @enum {string} */
            method: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
            path_pattern: string;
            revision: number;
            /** @description Null: a hole, which answers 404 where a broader route would fit too. */
            script_id: components["schemas"]["Id"] | null;
            updated_at: components["schemas"]["Time"];
        };
        RouteCheck: {
            acceptable: boolean;
            captures: {
                name: string;
                /** @enum {string} */
                source: "claim" | "host" | "path";
            }[];
            claims: {
                id: components["schemas"]["Id"];
                pattern: string;
            }[];
            conflicts: components["schemas"]["Route"][];
            host_pattern: string | null;
            /** @enum {string} */
            method: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
            path_pattern: string;
            problems: {
                code: string;
                message: string;
                pointer: string;
            }[];
            shadowed_by: {
                /** @enum {string} */
                extent: "all" | "part";
                route: components["schemas"]["Route"];
            }[];
            shadows: {
                /** @enum {string} */
                extent: "all" | "part";
                route: components["schemas"]["Route"];
            }[];
            warnings: string[];
        };
        RouteIdempotency: {
            /** @description Which header of a request has the key. */
            header: string;
            /** @description Whether a request without a key is refused. If not, it runs as without the switch. */
            required: boolean;
        };
        SavedScript: {
            app_id: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            latest_version: number;
            /** @description Those among them that its app is not granted: calls of them fail. */
            missing_services: string[];
            name: components["schemas"]["ScriptName"];
            revision: number;
            saved: {
                is_new: boolean;
                version: number;
            };
            /** @description Host services that the active version names. With eval it may call others. */
            services: string[];
            source: string;
            updated_at: components["schemas"]["Time"];
            version: number;
            version_id: components["schemas"]["Id"];
        };
        Script: {
            app_id: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            latest_version: number;
            /** @description Those among them that its app is not granted: calls of them fail. */
            missing_services: string[];
            name: components["schemas"]["ScriptName"];
            revision: number;
            /** @description Host services that the active version names. With eval it may call others. */
            services: string[];
            source: string;
            updated_at: components["schemas"]["Time"];
            version: number;
            version_id: components["schemas"]["Id"];
        };
        ScriptActivation: {
            activated_at: components["schemas"]["Time"];
            activated_by: string | null;
            /** @enum {string} */
            cause: "save" | "activate" | "rollback";
            imports: {
                name: string;
                version: number;
            }[];
            version: number;
        };
        ScriptCall: {
            argument_counts: number[];
            name: string;
        };
        ScriptDescription: {
            constants: {
                is_exported: boolean;
                line: number;
                name: string;
                type: string | null;
                value: unknown;
            }[];
            documentation: string;
            exports: {
                line: number;
                name: string;
                variable: string;
            }[];
            functions: {
                documentation: string;
                is_private: boolean;
                line: number;
                name: string;
                params: string[];
                this_type: string | null;
            }[];
            host_functions: components["schemas"]["ScriptCall"][];
            host_modules: {
                functions: components["schemas"]["ScriptCall"][];
                path: string;
                variables: string[];
            }[];
            imports: {
                alias: string | null;
                line: number;
                path: string | null;
            }[];
            is_complete: boolean;
            library_functions: components["schemas"]["ScriptCall"][];
            uses_eval: boolean;
        };
        ScriptDiff: {
            from: number;
            hunks: {
                from_line: number;
                from_lines: number;
                lines: components["schemas"]["DiffLine"][];
                to_line: number;
                to_lines: number;
            }[];
            is_minimal: boolean;
            lines_added: number;
            lines_removed: number;
            script_id: components["schemas"]["Id"];
            to: number;
            unified: string;
        };
        ScriptImports: {
            imported_by: {
                name: string;
                script_id: components["schemas"]["Id"];
                version: number;
            }[];
            imports: {
                active_version: number;
                name: string;
                script_id: components["schemas"]["Id"];
                version: number;
            }[];
        };
        ScriptName: string;
        ScriptSample: {
            body: string;
            headers: {
                [key: string]: string[];
            };
            method: string;
            name: string;
            path: string;
            updated_at: components["schemas"]["Time"];
        };
        ScriptSummary: {
            app_id: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            latest_version: number;
            /** @description Those among them that its app is not granted: calls of them fail. */
            missing_services: string[];
            name: components["schemas"]["ScriptName"];
            revision: number;
            /** @description Host services that the active version names. With eval it may call others. */
            services: string[];
            updated_at: components["schemas"]["Time"];
            version: number;
            version_id: components["schemas"]["Id"];
        };
        ScriptVersion: {
            bytes: number;
            created_at: components["schemas"]["Time"];
            description: components["schemas"]["ScriptDescription"] | null;
            id: components["schemas"]["Id"];
            is_active: boolean;
            message: string | null;
            saved_by: string | null;
            script_id: components["schemas"]["Id"];
            sha256: string;
            source: string;
            version: number;
        };
        ScriptVersionSummary: {
            bytes: number;
            created_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            is_active: boolean;
            message: string | null;
            saved_by: string | null;
            script_id: components["schemas"]["Id"];
            sha256: string;
            version: number;
        };
        /** @description A secret of an app, without its value. */
        Secret: {
            created_at: components["schemas"]["Time"];
            name: components["schemas"]["SecretName"];
            updated_at: components["schemas"]["Time"];
            /** @description Scripts whose active version reads it or may do so. */
            used_by: {
                /** @description Whether its active version names the secret. If not, it computes the name of some secret. */
                certain: boolean;
                name: components["schemas"]["ScriptName"];
                script_id: components["schemas"]["Id"];
            }[];
        };
        SecretName: string;
        Session: {
            address: string;
            admin: components["schemas"]["Admin"];
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
            id: components["schemas"]["Id"];
            is_current: boolean;
            last_used_at: components["schemas"]["Time"];
            user_agent: string;
        };
        SetupResult: {
            session: components["schemas"]["Session"];
            token: string | null;
        };
        Slug: string;
        SlugCheck: {
            app: {
                id: components["schemas"]["Id"];
                name: string;
                slug: components["schemas"]["Slug"];
            } | null;
            message: string;
            needs_force: boolean;
            own: boolean;
            slug: string;
            /** @enum {string} */
            status: "available" | "invalid" | "reserved" | "in_use" | "historical";
        };
        System: {
            api: string;
            database: {
                /** @description To this database, by whomever. */
                connections: number;
                /** @description That the server takes in all. */
                connections_max: number;
                /** @enum {string} */
                kind: "embedded" | "external";
                size_bytes: number;
                /** @description Of the PostgreSQL server. */
                version: string;
            };
            /** @description What the program that answers took in about the last hour, with its sandboxes and its embedded database. Nothing is measured while it is idle: the interval begins when it last had something to do an hour ago or earlier, or when it started. */
            idle: {
                /** @description The same, of one core. */
                cpu_percent: number | null;
                /** @description Of all processes of the program; null: the system does not say. */
                cpu_seconds: number | null;
                /** @description Of all its processes, now. */
                memory_bytes: number | null;
                /** @description That the program sent to the database. */
                queries: number;
                since: components["schemas"]["Time"];
                until: components["schemas"]["Time"];
            };
            /** @description Programs connected to the database, this one among them. */
            nodes: components["schemas"]["Node"][];
            /** @description Of the program that answers, now; null: the system does not say. */
            processes: components["schemas"]["ProcessesOfRole"][] | null;
            product: string;
            schema: number;
            /** @description When the program that answers started. */
            started_at: components["schemas"]["Time"];
        };
        TestedScript: {
            answer: {
                body: string | null;
                body_base64: string | null;
                headers: {
                    name: string;
                    value: string;
                }[];
                is_cut: boolean;
                status: number;
            };
            execution: components["schemas"]["Execution"];
        };
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        Time: string;
        Token: {
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            last_used_at: components["schemas"]["Time"] | null;
            name: string;
            scopes: ("admin" | "execute" | "read")[];
        };
        Version: {
            api: string;
            product: string;
            schema: number;
        };
        WrittenManifest: {
            domains: string[];
            /** @description Left out: the slug. */
            name?: string;
            routes: {
                enabled?: boolean;
                host_pattern?: string | null;
                idempotency?: components["schemas"]["WrittenRouteIdempotency"] | null;
                /** @enum {string} */
                method?: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
                path_pattern: string;
                /** @description Null: a hole, which answers 404 where a broader route would fit too. */
                script: components["schemas"]["ScriptName"] | null;
            }[];
            scripts: {
                name: components["schemas"]["ScriptName"];
                source: string;
            }[];
            /** @description What is left out has its default. */
            settings?: components["schemas"]["AppSettingsChange"];
        };
        WrittenRouteIdempotency: {
            /**
             * @description Which header of a request has the key.
             * @default Idempotency-Key
             */
            header?: string;
            /**
             * @description Whether a request without a key is refused. If not, it runs as without the switch.
             * @default false
             */
            required?: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    listApps: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["App"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    createApp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Take the slug although it leads to another app that had it before. */
                    force?: boolean;
                    name?: string;
                    settings?: components["schemas"]["AppSettingsChange"];
                    slug: components["schemas"]["Slug"];
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
        };
    };
    importApp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    file: {
                        exported_at: components["schemas"]["Time"];
                        /** @constant */
                        format: "picloud-app";
                        /** @constant */
                        format_version: 1;
                        manifest: components["schemas"]["WrittenManifest"];
                        slug: components["schemas"]["Slug"];
                    };
                    /** @description Take the slug although it leads to another app that had it before. */
                    force?: boolean;
                    /** @description Left out: the slug in the file. */
                    slug?: components["schemas"]["Slug"];
                    /** @description Claim nothing; routes with a host pattern of their own are switched off. */
                    without_domains?: boolean;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedApp"];
                };
            };
        };
    };
    getApp: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of what the client holds: 304 if it is unchanged. */
                "If-None-Match"?: string;
            };
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
        };
    };
    deleteApp: {
        parameters: {
            query?: {
                force?: "true" | "false";
            };
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateApp: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Take the slug although it leads to another app that had it before. */
                    force?: boolean;
                    name?: string;
                    settings?: components["schemas"]["AppSettingsChange"];
                    slug?: components["schemas"]["Slug"];
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
        };
    };
    listDomains: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Domain"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    claimDomain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    pattern: string;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Domain"];
                };
            };
        };
    };
    releaseDomain: {
        parameters: {
            query?: {
                force?: "true" | "false";
            };
            header?: never;
            path: {
                app: string;
                domain_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    checkDomain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                domain_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DomainCheck"];
                };
            };
        };
    };
    exportApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppExport"];
                };
            };
        };
    };
    listKvKeys: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                prefix?: string;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["KvKey"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    getKvEntry: {
        parameters: {
            query: {
                key: string;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KvEntry"];
                };
            };
        };
    };
    putKvEntry: {
        parameters: {
            query: {
                key: string;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutKvEntry"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KvEntry"];
                };
            };
        };
    };
    deleteKvEntry: {
        parameters: {
            query: {
                key: string;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listAppLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldLimits"];
                };
            };
        };
    };
    getManifest: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of what the client holds: 304 if it is unchanged. */
                "If-None-Match"?: string;
            };
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Manifest"];
                };
            };
        };
    };
    applyManifest: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WrittenManifest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppliedManifest"];
                };
            };
        };
    };
    listSecrets: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Secret"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    putSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    value: string;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"];
                };
            };
        };
    };
    deleteSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listFormerSlugs: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FormerSlug"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    releaseFormerSlug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    checkSlug: {
        parameters: {
            query: {
                app?: string;
                slug: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlugCheck"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                action?: string;
                actor?: string;
                app?: string;
                cursor?: string;
                limit?: number;
                since?: components["schemas"]["Time"];
                target_id?: components["schemas"]["Id"];
                until?: components["schemas"]["Time"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    listExecutions: {
        parameters: {
            query?: {
                app?: string;
                cursor?: string;
                limit?: number;
                order?: "newest" | "oldest";
                outcome?: "ok" | "error";
                parent?: components["schemas"]["Id"];
                q?: string;
                route?: components["schemas"]["Id"];
                script?: string;
                since?: string;
                status?: string;
                trigger?: "http" | "execute" | "schedule" | "queue" | "test" | "call";
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Execution"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    getExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
        };
    };
    executionStatistics: {
        parameters: {
            query: {
                app: string;
                route?: components["schemas"]["Id"];
                script?: string;
                since?: string;
                step?: number;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionStatistics"];
                };
            };
        };
    };
    streamExecutions: {
        parameters: {
            query?: {
                app?: string;
                outcome?: "ok" | "error";
                parent?: components["schemas"]["Id"];
                q?: string;
                route?: components["schemas"]["Id"];
                script?: string;
                since?: string;
                status?: string;
                tail?: number;
                trigger?: "http" | "execute" | "schedule" | "queue" | "test" | "call";
                until?: string;
            };
            header?: {
                /** @description Id of the last event the client got: go on after it. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events, until the client leaves or an event `end` says why. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    explainRequest: {
        parameters: {
            query: {
                method?: string;
                url: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current_password?: string;
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listRoutes: {
        parameters: {
            query?: {
                app?: string;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Route"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    createRoute: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app_id: components["schemas"]["Id"];
                    /** @default true */
                    enabled?: boolean;
                    /** @default null */
                    host_pattern?: string | null;
                    /** @default null */
                    idempotency?: components["schemas"]["WrittenRouteIdempotency"] | null;
                    /**
                     * @default *
                     * @enum {string}
                     */
                    method?: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
                    path_pattern: string;
                    /** @description Null: a hole, which answers 404 where a broader route would fit too. */
                    script_id: components["schemas"]["Id"] | null;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
        };
    };
    checkRoute: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app_id: components["schemas"]["Id"];
                    /** @default null */
                    host_pattern?: string | null;
                    /**
                     * @default *
                     * @enum {string}
                     */
                    method?: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
                    path_pattern: string;
                    route_id?: components["schemas"]["Id"];
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteCheck"];
                };
            };
        };
    };
    getRoute: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of what the client holds: 304 if it is unchanged. */
                "If-None-Match"?: string;
            };
            path: {
                route_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
        };
    };
    deleteRoute: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                route_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateRoute: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                route_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    enabled?: boolean;
                    host_pattern?: string | null;
                    idempotency?: components["schemas"]["WrittenRouteIdempotency"] | null;
                    /** @enum {string} */
                    method?: "*" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
                    path_pattern?: string;
                    /** @description Null: a hole, which answers 404 where a broader route would fit too. */
                    script_id?: components["schemas"]["Id"] | null;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
        };
    };
    listScripts: {
        parameters: {
            query?: {
                app?: string;
                cursor?: string;
                limit?: number;
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptSummary"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    createScript: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app_id: components["schemas"]["Id"];
                    message?: string;
                    name: components["schemas"]["ScriptName"];
                    source: string;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Script"];
                };
            };
        };
    };
    getScript: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of what the client holds: 304 if it is unchanged. */
                "If-None-Match"?: string;
            };
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Script"];
                };
            };
        };
    };
    saveScript: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default true */
                    activate?: boolean;
                    message?: string;
                    source: string;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedScript"];
                };
            };
        };
    };
    deleteScript: {
        parameters: {
            query?: {
                force?: "true" | "false";
            };
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    renameScript: {
        parameters: {
            query?: {
                force?: "true" | "false";
            };
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: components["schemas"]["ScriptName"];
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Script"];
                };
            };
        };
    };
    rollBackScript: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    version?: number;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Script"];
                };
            };
        };
    };
    testScript: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default {} */
                    request?: {
                        /**
                         * @description Sent in UTF-8.
                         * @default
                         */
                        body?: string;
                        /**
                         * @description By name: the values of all fields of that name.
                         * @default {}
                         */
                        headers?: {
                            [key: string]: string[];
                        };
                        /**
                         * @default GET
                         * @enum {string}
                         */
                        method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                        /**
                         * @description With its query.
                         * @default /
                         */
                        path?: string;
                    };
                    source: string;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestedScript"];
                };
            };
        };
    };
    listScriptActivations: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptActivation"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    diffScriptVersions: {
        parameters: {
            query?: {
                from?: number;
                to?: number;
            };
            header?: never;
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptDiff"];
                };
            };
        };
    };
    getScriptImports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptImports"];
                };
            };
        };
    };
    listScriptSamples: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptSample"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    putScriptSample: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                script_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Sent in UTF-8.
                     * @default
                     */
                    body?: string;
                    /**
                     * @description By name: the values of all fields of that name.
                     * @default {}
                     */
                    headers?: {
                        [key: string]: string[];
                    };
                    /**
                     * @default GET
                     * @enum {string}
                     */
                    method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                    /**
                     * @description With its query.
                     * @default /
                     */
                    path?: string;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptSample"];
                };
            };
        };
    };
    deleteScriptSample: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listScriptVersions: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                script_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptVersionSummary"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    getScriptVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                script_id: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptVersion"];
                };
            };
        };
    };
    activateScriptVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag this was read with: refused with 412 if it changed since. */
                "If-Match"?: string;
            };
            path: {
                script_id: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Script"];
                };
            };
        };
    };
    rotateSecretsKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Drop keys that no secret needs any more. Backups of the database made before then cannot be read.
                     * @default false
                     */
                    forget_old_keys?: boolean;
                };
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecretsKey"];
                };
            };
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Token"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default null */
                    expires_at?: components["schemas"]["Time"] | null;
                    name: string;
                    /**
                     * @default [
                     *       "admin"
                     *     ]
                     */
                    scopes?: ("admin" | "execute" | "read")[];
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                        next_cursor: string | null;
                    };
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default admin */
                    name?: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    endSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    completeSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    setup_token: string;
                    /** @default false */
                    with_token?: boolean;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupResult"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
}

/** The members each shape has at least. */
export const SHAPES = {
    Admin: ["id","name"],
    App: ["id","slug","name","settings","revision","created_at","updated_at"],
    AppExport: ["format","format_version","exported_at","slug","manifest"],
    AppSettings: ["show_error_detail","retention_days","retention_bytes","record_sampling_percent","cors","server_timing","services","egress","limits"],
    AppliedManifest: ["applied","previous_etag","etag","changes"],
    AuditEntry: ["id","at","actor","address","request_id","action","target","app_id","before","after"],
    Certificate: ["address","subject","issuer","names","valid_from","valid_to","days_left","trusted","trust_problem","matches"],
    CorsSettings: ["origins","methods","headers","expose_headers","credentials","max_age_seconds"],
    CorsSettingsChange: ["origins"],
    CreatedToken: ["id","name","scopes","created_at","expires_at","last_used_at","token"],
    DiffLine: ["change","text","has_line_break"],
    DnsRecord: ["type","name","value"],
    Domain: ["id","app_id","pattern","shape_key","created_at"],
    DomainCheck: ["domain_id","pattern","host","checked_at","dns","tls"],
    EgressRules: ["allow","deny"],
    Execution: ["id","app_id","script_id","script_name","version","route_id","trigger","outcome","method","path","status","started_at","duration_ms","operations","logs","logs_dropped","error","parent_id"],
    ExecutionStatistics: ["since","until","step","total","buckets"],
    Explanation: ["method","host","path","outcome","status","reason","app","route_id","script_id","params","allow","claims","routes"],
    FormerSlug: ["slug","retired_at","hits","last_hit_at","safe_to_release","safe_to_release_at"],
    Health: ["status"],
    HeldLimits: ["items"],
    ImportedApp: ["app","etag","changes"],
    KvEntry: ["key","value","ttl_ms"],
    KvKey: ["key","bytes"],
    Manifest: ["name","settings","domains","scripts","routes"],
    ManifestChange: ["action","target_type","name","before","after","diff"],
    NeededDnsRecord: ["type","name","value","line"],
    Node: ["name","role","pid","since","address"],
    Problem: ["type","title","status","detail","code","request_id"],
    ProcessesOfRole: ["role","count","memory_bytes"],
    PutKvEntry: ["value"],
    RotatedSecretsKey: ["key_id","is_new_key","resealed","old_key_ids"],
    Route: ["id","app_id","script_id","method","host_pattern","path_pattern","enabled","idempotency","revision","created_at","updated_at"],
    RouteCheck: ["acceptable","method","host_pattern","path_pattern","claims","captures","problems","warnings","conflicts","shadowed_by","shadows"],
    RouteIdempotency: ["header","required"],
    SavedScript: ["id","app_id","name","version","latest_version","version_id","services","missing_services","source","revision","created_at","updated_at","saved"],
    Script: ["id","app_id","name","version","latest_version","version_id","services","missing_services","source","revision","created_at","updated_at"],
    ScriptActivation: ["version","cause","activated_by","activated_at","imports"],
    ScriptCall: ["name","argument_counts"],
    ScriptDescription: ["documentation","functions","constants","imports","exports","host_modules","host_functions","library_functions","uses_eval","is_complete"],
    ScriptDiff: ["script_id","from","to","lines_added","lines_removed","unified","hunks","is_minimal"],
    ScriptImports: ["imports","imported_by"],
    ScriptSample: ["name","method","path","headers","body","updated_at"],
    ScriptSummary: ["id","app_id","name","version","latest_version","version_id","services","missing_services","revision","created_at","updated_at"],
    ScriptVersion: ["id","script_id","version","is_active","sha256","bytes","message","saved_by","created_at","source","description"],
    ScriptVersionSummary: ["id","script_id","version","is_active","sha256","bytes","message","saved_by","created_at"],
    Secret: ["name","created_at","updated_at","used_by"],
    Session: ["id","admin","created_at","expires_at","last_used_at","address","user_agent","is_current"],
    SetupResult: ["session","token"],
    SlugCheck: ["slug","status","message","app","own","needs_force"],
    System: ["product","api","schema","started_at","database","nodes","idle","processes"],
    TestedScript: ["execution","answer"],
    Token: ["id","name","scopes","created_at","expires_at","last_used_at"],
    Version: ["product","api","schema"],
    WrittenManifest: ["domains","scripts","routes"],
} as const;

/** How each operation is called and what it answers: a shape, or a list of one. */
export const OPERATIONS = {
    activateScriptVersion: { method: "POST", path: "/api/v1/admin/scripts/{script_id}/versions/{version}:activate", answer: "Script" },
    applyManifest: { method: "PUT", path: "/api/v1/admin/apps/{app}/manifest", answer: "AppliedManifest" },
    changePassword: { method: "PUT", path: "/api/v1/admin/password", answer: null },
    checkDomain: { method: "GET", path: "/api/v1/admin/apps/{app}/domains/{domain_id}/check", answer: "DomainCheck" },
    checkRoute: { method: "POST", path: "/api/v1/admin/routes:check", answer: "RouteCheck" },
    checkSlug: { method: "GET", path: "/api/v1/admin/apps/slug:check", answer: "SlugCheck" },
    claimDomain: { method: "POST", path: "/api/v1/admin/apps/{app}/domains", answer: "Domain" },
    completeSetup: { method: "POST", path: "/api/v1/setup", answer: "SetupResult" },
    createApp: { method: "POST", path: "/api/v1/admin/apps", answer: "App" },
    createRoute: { method: "POST", path: "/api/v1/admin/routes", answer: "Route" },
    createScript: { method: "POST", path: "/api/v1/admin/scripts", answer: "Script" },
    createToken: { method: "POST", path: "/api/v1/admin/tokens", answer: "CreatedToken" },
    deleteApp: { method: "DELETE", path: "/api/v1/admin/apps/{app}", answer: null },
    deleteKvEntry: { method: "DELETE", path: "/api/v1/admin/apps/{app}/kv/entry", answer: null },
    deleteRoute: { method: "DELETE", path: "/api/v1/admin/routes/{route_id}", answer: null },
    deleteScript: { method: "DELETE", path: "/api/v1/admin/scripts/{script_id}", answer: null },
    deleteScriptSample: { method: "DELETE", path: "/api/v1/admin/scripts/{script_id}/samples/{name}", answer: null },
    deleteSecret: { method: "DELETE", path: "/api/v1/admin/apps/{app}/secrets/{name}", answer: null },
    deleteToken: { method: "DELETE", path: "/api/v1/admin/tokens/{token_id}", answer: null },
    diffScriptVersions: { method: "GET", path: "/api/v1/admin/scripts/{script_id}/diff", answer: "ScriptDiff" },
    endSession: { method: "DELETE", path: "/api/v1/sessions/{session_id}", answer: null },
    endSessions: { method: "DELETE", path: "/api/v1/sessions", answer: null },
    executionStatistics: { method: "GET", path: "/api/v1/admin/executions/stats", answer: "ExecutionStatistics" },
    explainRequest: { method: "GET", path: "/api/v1/admin/explain", answer: "Explanation" },
    exportApp: { method: "GET", path: "/api/v1/admin/apps/{app}/export", answer: "AppExport" },
    getApp: { method: "GET", path: "/api/v1/admin/apps/{app}", answer: "App" },
    getExecution: { method: "GET", path: "/api/v1/admin/executions/{execution_id}", answer: "Execution" },
    getHealth: { method: "GET", path: "/healthz", answer: "Health" },
    getKvEntry: { method: "GET", path: "/api/v1/admin/apps/{app}/kv/entry", answer: "KvEntry" },
    getManifest: { method: "GET", path: "/api/v1/admin/apps/{app}/manifest", answer: "Manifest" },
    getOpenApi: { method: "GET", path: "/api/v1/openapi.json", answer: [] },
    getReadiness: { method: "GET", path: "/readyz", answer: "Health" },
    getRoute: { method: "GET", path: "/api/v1/admin/routes/{route_id}", answer: "Route" },
    getScript: { method: "GET", path: "/api/v1/admin/scripts/{script_id}", answer: "Script" },
    getScriptImports: { method: "GET", path: "/api/v1/admin/scripts/{script_id}/imports", answer: "ScriptImports" },
    getScriptVersion: { method: "GET", path: "/api/v1/admin/scripts/{script_id}/versions/{version}", answer: "ScriptVersion" },
    getSystem: { method: "GET", path: "/api/v1/admin/system", answer: "System" },
    getVersion: { method: "GET", path: "/version", answer: "Version" },
    importApp: { method: "POST", path: "/api/v1/admin/apps:import", answer: "ImportedApp" },
    listAppLimits: { method: "GET", path: "/api/v1/admin/apps/{app}/limits", answer: "HeldLimits", item: [] },
    listApps: { method: "GET", path: "/api/v1/admin/apps", answer: ["items","next_cursor"], item: "App", pageItemsMax: 200 },
    listAudit: { method: "GET", path: "/api/v1/admin/audit", answer: ["items","next_cursor"], item: "AuditEntry", pageItemsMax: 200 },
    listDomains: { method: "GET", path: "/api/v1/admin/apps/{app}/domains", answer: ["items","next_cursor"], item: "Domain", pageItemsMax: 200 },
    listExecutions: { method: "GET", path: "/api/v1/admin/executions", answer: ["items","next_cursor"], item: "Execution", pageItemsMax: 200 },
    listFormerSlugs: { method: "GET", path: "/api/v1/admin/apps/{app}/slugs", answer: ["items","next_cursor"], item: "FormerSlug", pageItemsMax: 200 },
    listKvKeys: { method: "GET", path: "/api/v1/admin/apps/{app}/kv", answer: ["items","next_cursor"], item: "KvKey", pageItemsMax: 200 },
    listRoutes: { method: "GET", path: "/api/v1/admin/routes", answer: ["items","next_cursor"], item: "Route", pageItemsMax: 200 },
    listScriptActivations: { method: "GET", path: "/api/v1/admin/scripts/{script_id}/activations", answer: ["items","next_cursor"], item: "ScriptActivation", pageItemsMax: 200 },
    listScriptSamples: { method: "GET", path: "/api/v1/admin/scripts/{script_id}/samples", answer: ["items","next_cursor"], item: "ScriptSample", pageItemsMax: 200 },
    listScriptVersions: { method: "GET", path: "/api/v1/admin/scripts/{script_id}/versions", answer: ["items","next_cursor"], item: "ScriptVersionSummary", pageItemsMax: 200 },
    listScripts: { method: "GET", path: "/api/v1/admin/scripts", answer: ["items","next_cursor"], item: "ScriptSummary", pageItemsMax: 200 },
    listSecrets: { method: "GET", path: "/api/v1/admin/apps/{app}/secrets", answer: ["items","next_cursor"], item: "Secret", pageItemsMax: 200 },
    listSessions: { method: "GET", path: "/api/v1/sessions", answer: ["items","next_cursor"], item: "Session" },
    listTokens: { method: "GET", path: "/api/v1/admin/tokens", answer: ["items","next_cursor"], item: "Token", pageItemsMax: 200 },
    putKvEntry: { method: "PUT", path: "/api/v1/admin/apps/{app}/kv/entry", answer: "KvEntry" },
    putScriptSample: { method: "PUT", path: "/api/v1/admin/scripts/{script_id}/samples/{name}", answer: "ScriptSample" },
    putSecret: { method: "PUT", path: "/api/v1/admin/apps/{app}/secrets/{name}", answer: "Secret" },
    releaseDomain: { method: "DELETE", path: "/api/v1/admin/apps/{app}/domains/{domain_id}", answer: null },
    releaseFormerSlug: { method: "DELETE", path: "/api/v1/admin/apps/{app}/slugs/{slug}", answer: null },
    renameScript: { method: "PATCH", path: "/api/v1/admin/scripts/{script_id}", answer: "Script" },
    rollBackScript: { method: "POST", path: "/api/v1/admin/scripts/{script_id}:rollback", answer: "Script" },
    rotateSecretsKey: { method: "POST", path: "/api/v1/admin/secrets/rotate-key", answer: "RotatedSecretsKey" },
    saveScript: { method: "PUT", path: "/api/v1/admin/scripts/{script_id}", answer: "SavedScript" },
    signIn: { method: "POST", path: "/api/v1/sessions", answer: "Session" },
    streamExecutions: { method: "GET", path: "/api/v1/admin/executions/stream", answer: null },
    testScript: { method: "POST", path: "/api/v1/admin/scripts/{script_id}:test", answer: "TestedScript" },
    updateApp: { method: "PATCH", path: "/api/v1/admin/apps/{app}", answer: "App" },
    updateRoute: { method: "PATCH", path: "/api/v1/admin/routes/{route_id}", answer: "Route" },
} as const;
