//go:build !unix

package faults_test

import (
	"errors"
	"os"
	"time"
)

// terminate is the signal that asks a server to end.
var terminate = os.Interrupt

func limitDescriptors(uint64) error { return errors.ErrUnsupported }

func processorTime() time.Duration { return 0 }
