/**
 * Which Postgres, and whether it is fit for use: found or started, checked, migrated.
 *
 * <p>{@link dev.runcast.postgres.OpenDatabase} is the database that the settings name, {@link
 * dev.runcast.postgres.Preflight} finds everything that it lacks in one go, {@link
 * dev.runcast.postgres.Migrations} brings its schema up to this version, and {@link
 * dev.runcast.postgres.PoolAddress} says the same address in the pool's words. What an operator can
 * put right is a {@link dev.runcast.config.CannotStartException}.
 *
 * <p>All calls block (JDBC, Flyway) and belong on a worker thread; none keeps a connection. It
 * knows no table: queries about runs are {@code store}'s.
 */
@NullMarked
package dev.runcast.postgres;

import org.jspecify.annotations.NullMarked;
