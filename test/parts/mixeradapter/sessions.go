// The sessions of the adapter: what InfrastructureBackend serves, and which calls have one.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

type sessions struct {
	trouble string
	mutex   sync.Mutex
	open    map[string]bool
	count   int
}

func newSessions(trouble string) *sessions {
	return &sessions{trouble: trouble, open: map[string]bool{}}
}

// serve answers the methods of InfrastructureBackend; of any other it says whether it has a session.
func (s *sessions) serve(ctx context.Context, method, id string, request, result *dynamicpb.Message) (bool, error) {
	switch method {
	case "Validate":
		if s.trouble == "invalid" {
			refuse(result, codes.InvalidArgument, "not like this")
		}
		return true, s.hinder(ctx)
	case "CreateSession":
		return true, s.create(ctx, result)
	case "CloseSession":
		s.mutex.Lock()
		defer s.mutex.Unlock()
		delete(s.open, request.Get(request.Descriptor().Fields().ByName("session_id")).String())
		return true, nil
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.open[id] {
		return false, status.Errorf(codes.NotFound, "no session %q", id)
	}
	return false, nil
}

func (s *sessions) create(ctx context.Context, result *dynamicpb.Message) error {
	if err := s.hinder(ctx); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.count++
	id := fmt.Sprintf("session-%d-%d", os.Getpid(), s.count)
	switch s.trouble {
	case "refused":
		refuse(result, codes.ResourceExhausted, "no more sessions")
		return nil
	case "empty":
		return nil
	case "long":
		id = strings.Repeat("x", 257)
	case "garbage":
		result.SetUnknown(protoreflect.RawFields{0x0a, 0x7f, 0x01})
		return nil
	}
	s.open[id] = true
	set(result, "session_id", protoreflect.ValueOfString(id))
	return nil
}

func (s *sessions) hinder(ctx context.Context) error {
	switch s.trouble {
	case "unavailable":
		return status.Error(codes.Unavailable, "as ordered")
	case "hang":
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func refuse(result *dynamicpb.Message, code codes.Code, message string) {
	set(sub(result, "status"), "code", protoreflect.ValueOfInt32(int32(code)))
	set(sub(result, "status"), "message", protoreflect.ValueOfString(message))
}

// takeSession takes the id of a session out of a request; "" where there is none.
func takeSession(request *dynamicpb.Message) string {
	field := request.Descriptor().Fields().ByName("adapter_config")
	if field == nil || !request.Has(field) {
		return ""
	}
	any := request.Get(field).Message()
	fields := any.Descriptor().Fields()
	if any.Get(fields.ByName("type_url")).String() != idType {
		return ""
	}
	id := string(any.Get(fields.ByName("value")).Bytes())
	request.Clear(field)
	return id
}

// resolver finds the types of templates, which Any messages hold, besides those that Go knows.
type resolver struct {
	find func(protoreflect.FullName) (protoreflect.Descriptor, error)
}

func (r resolver) FindMessageByName(name protoreflect.FullName) (protoreflect.MessageType, error) {
	found, err := r.find(name)
	if message, isMessage := found.(protoreflect.MessageDescriptor); err == nil && isMessage {
		return dynamicpb.NewMessageType(message), nil
	}
	return protoregistry.GlobalTypes.FindMessageByName(name)
}

func (r resolver) FindMessageByURL(url string) (protoreflect.MessageType, error) {
	return r.FindMessageByName(protoreflect.FullName(url[strings.LastIndex(url, "/")+1:]))
}

func (r resolver) FindExtensionByName(name protoreflect.FullName) (protoreflect.ExtensionType, error) {
	return protoregistry.GlobalTypes.FindExtensionByName(name)
}

func (r resolver) FindExtensionByNumber(
	message protoreflect.FullName, field protoreflect.FieldNumber,
) (protoreflect.ExtensionType, error) {
	return protoregistry.GlobalTypes.FindExtensionByNumber(message, field)
}
