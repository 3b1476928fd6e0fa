package files

import (
	"errors"
	"io/fs"
)

// refusal says why nothing is served although there may be something. It is fs.ErrNotExist.
type refusal string

const (
	errUnseen     refusal = "name that is never served"
	errDirectory  refusal = "is a directory"
	errNotRegular refusal = "is not a regular file"
	errNoListing  refusal = "is not a directory that is listed"
	errNoPage     refusal = "directory without a default page, or none at all"
)

func (r refusal) Error() string { return string(r) }

func (r refusal) Is(target error) bool { return target == fs.ErrNotExist }

// missing is the error for a path that leads to nothing that may be served. What it wraps beside fs.ErrNotExist is for
// the log.
type missing struct {
	path  string
	cause error
}

func (e *missing) Error() string { return "files: " + e.path + ": " + e.cause.Error() }

func (e *missing) Unwrap() []error { return []error{fs.ErrNotExist, e.cause} }

// explain turns the errors that say no more than that there is nothing for path into one.
func explain(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) ||
		errors.Is(err, fs.ErrInvalid) || isUnreachable(err) {
		return &missing{path, err}
	}
	return err
}

// escapes is the text of an os.Root's error for a name that leads out. It has no name and is no errno.
const escapes = "path escapes from parent"
