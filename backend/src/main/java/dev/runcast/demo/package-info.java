/**
 * A small fleet of pretend tasks for {@code up --demo}: an order with children and a batch, an AI
 * answer that reports progress, a job that fails and is tried again. They do what a user's worker
 * would, through the public HTTP API and with the secret key, and everything they start is tagged
 * {@code demo}.
 *
 * <p>Runs on one event loop of its own verticle; all waiting is by timers. Enter at {@link
 * dev.runcast.demo.DemoFleet}.
 */
@NullMarked
package dev.runcast.demo;

import org.jspecify.annotations.NullMarked;
