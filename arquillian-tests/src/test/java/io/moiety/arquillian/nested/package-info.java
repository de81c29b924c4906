/** The adapter inside an application's archive, beside one that the server has. */
@NullMarked
package io.moiety.arquillian.nested;

import org.jspecify.annotations.NullMarked;
