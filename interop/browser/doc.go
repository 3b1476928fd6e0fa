// Package browser has no code of its own: its tests drive the program of examples/tour in a real browser, a Chromium
// without a window. They press every button of the page, read what it shows, and fail on everything that the browser
// complains of. Others have it look at files: seek in a sound, sort a listing, open the pages of a single-page application,
// and ask again, or not, for what it has.
//
//	go test ./...
//	SCREENSHOTS=~/tour go test -run Looks ./...   # keep the pictures to be looked at
//
// Where there is no Chromium the tests are skipped, unless CI is true.
package browser
