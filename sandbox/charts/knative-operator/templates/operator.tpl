apiVersion: v1
kind: ServiceAccount
metadata:
  name: knative-operator
  namespace: {{ .Release.Namespace | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: knative-operator
  namespace: {{ .Release.Namespace | quote }}
  labels:
    app.kubernetes.io/name: knative-operator
spec:
  replicas: 1
  selector:
    matchLabels:
      name: knative-operator
  template:
    metadata:
      labels:
        name: knative-operator
    spec:
      serviceAccountName: knative-operator
      containers:
        - name: knative-operator
          image: "gcr.io/knative-releases/knative.dev/operator/cmd/operator:v1.18.3"
          resources:
            requests: { cpu: 100m, memory: 100Mi }
            limits: { cpu: 1000m, memory: 1000Mi }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            capabilities: { drop: [ALL] }
          ports:
            - name: metrics
              containerPort: 9090
