/**
 * What the black-box tests stand on: a throwaway Postgres that may be stopped and killed ({@link
 * dev.runcast.it.harness.PostgresServer}), the service as a process of its own ({@link
 * dev.runcast.it.harness.Node}), writers in SQL and over HTTP ({@link
 * dev.runcast.it.harness.RunWriter}, {@link dev.runcast.it.harness.Api}), and a client that keeps
 * the protocol's rules and can stall, cut and come back ({@link dev.runcast.it.harness.SseProbe}).
 *
 * <p>Nothing here calls the service's code: it is started by its command line and spoken to over
 * sockets. Only the tokens library is used as what it is, a library for others.
 *
 * <p>Tests that break nothing share one Postgres and one node ({@link
 * dev.runcast.it.harness.Shared}), each with runs and tags of its own. No test asserts how long
 * something takes: it awaits a condition within a bound that no healthy run comes near ({@link
 * dev.runcast.it.harness.Await}).
 */
@NullMarked
package dev.runcast.it.harness;

import org.jspecify.annotations.NullMarked;
