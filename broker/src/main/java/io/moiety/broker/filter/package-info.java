/** What a consumer wants to see: tag expressions and selectors over stored records. */
@NullMarked
package io.moiety.broker.filter;

import org.jspecify.annotations.NullMarked;
