//go:build !unix

package restart

import "os"

func defaultSignals() []os.Signal { return nil }
