// Package browser has no code of its own: its tests drive the program of examples/tour in a real browser, a Chromium
// without a window. They press every button of the page, read what it shows, and fail on everything that the browser
// complains of.
//
//	go test ./...
//	SCREENSHOTS=~/tour go test -run Looks ./...   # keep the pictures to be looked at
//
// Where there is no Chromium the tests are skipped, unless CI is true.
package browser
