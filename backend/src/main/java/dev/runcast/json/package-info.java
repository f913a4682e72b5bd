/**
 * JSON texts as trees and back, for what must be understood rather than passed on: request bodies
 * and metadata. A leaf: it knows Jackson and nothing of ours.
 *
 * <p>Numbers keep every digit. What is printed can be stored in Postgres and sent in UTF-8,
 * whatever escapes it came with ({@link dev.runcast.json.JsonText#storable}). Everything here is
 * immutable and may be shared by threads.
 */
@NullMarked
package dev.runcast.json;

import org.jspecify.annotations.NullMarked;
