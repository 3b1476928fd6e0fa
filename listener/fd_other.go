//go:build !unix

package listener

import "errors"

func checkListening(uintptr) error { return errors.ErrUnsupported }
