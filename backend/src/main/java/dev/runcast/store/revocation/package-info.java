/** What was taken back of what had been granted, as it is stored. */
@NullMarked
package dev.runcast.store.revocation;

import org.jspecify.annotations.NullMarked;
