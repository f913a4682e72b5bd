/** Public access tokens: what they grant, how they are minted and verified. */
@NullMarked
package dev.runcast.tokens;

import org.jspecify.annotations.NullMarked;
