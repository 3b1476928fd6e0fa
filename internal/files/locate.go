package files

import (
	"runtime"
	"strings"
)

// locate returns the name, relative to the root, of what a path may show: "sub/a.txt" for "/sub/a.txt", and "." for "/".
// A path that ends with a slash is one of a directory.
func locate(path string, dotfiles bool) (name string, isDirectory bool, err error) {
	if path == "/" {
		return ".", true, nil
	}
	name, ok := strings.CutPrefix(path, "/")
	if !ok {
		return "", false, errUnseen
	}
	name, isDirectory = strings.CutSuffix(name, "/")
	isTop := true
	for segment := range strings.SplitSeq(name, "/") {
		if !isVisible(segment, dotfiles || isTop && segment == wellKnown) || runtime.GOOS == "windows" && isAlias(segment) {
			return "", false, errUnseen
		}
		isTop = false
	}
	return name, isDirectory, nil
}

// wellKnown is the directory at the top whose files are for everybody in spite of its dot (RFC 8615).
const wellKnown = ".well-known"

// isVisible reports whether files of this name may be served.
func isVisible(segment string, dotfiles bool) bool {
	if segment == "" || segment == "." || segment == ".." || segment[0] == '.' && !dotfiles {
		return false
	}
	for i := range len(segment) {
		if c := segment[i]; c < ' ' || c == 0x7f || c == '\\' {
			return false
		}
	}
	return true
}

// isAlias reports whether Windows may read segment as another name: it drops dots and spaces at the end, has streams
// behind a colon, patterns, and short names, where HIDDEN~1 may be .hidden. The names of devices are left to os.Root.
func isAlias(segment string) bool {
	switch segment[len(segment)-1] {
	case '.', ' ':
		return true
	}
	for i := range len(segment) {
		switch segment[i] {
		case ':', '*', '?', '"', '<', '>', '|':
			return true
		case '~':
			if i+1 < len(segment) && '0' <= segment[i+1] && segment[i+1] <= '9' {
				return true
			}
		}
	}
	return false
}
