/**
 * Who may use an installation: its projects and environments, their secret keys, and the secrets
 * that open and sign them. {@link dev.runcast.app.tenant.Tenancy} settles all that at a start,
 * {@link dev.runcast.app.tenant.Tenants} changes it later.
 *
 * <p>Secret keys are sealed on the way into the database and opened on the way out.
 */
@NullMarked
package dev.runcast.app.tenant;

import org.jspecify.annotations.NullMarked;
