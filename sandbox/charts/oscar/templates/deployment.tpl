apiVersion: v1
kind: ServiceAccount
metadata:
  name: oscar-sa
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: oscar
  labels:
    app: oscar
spec:
  selector:
    matchLabels:
      app: oscar
  replicas: {{ .Values.replicas }}
  template:
    metadata:
      labels:
        app: oscar
    spec:
      serviceAccountName: oscar-sa
      containers:
        - name: oscar
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          imagePullPolicy: {{ .Values.image.pullPolicy | quote }}
          securityContext:
            readOnlyRootFilesystem: true
            runAsUser: 10001
          env:
            - name: OSCAR_NAMESPACE
              value: {{ .Release.Namespace | quote }}
            - name: OSCAR_SERVICES_NAMESPACE
              value: {{ .Values.servicesNamespace | quote }}
            - name: INGRESS_HOST
              value: {{ .Values.ingress.host | quote }}
            - name: SERVERLESS_BACKEND
              value: {{ .Values.serverlessBackend | quote }}
            - name: MINIO_ENDPOINT
              value: {{ .Values.minIO.endpoint | quote }}
            - name: STORAGE_CLASS_NAME
              value: {{ .Values.volume.storageClassName | quote }}
            - name: HTTPROUTE_GATEWAY_NAME
              value: {{ .Values.httproute.gateway.name | quote }}
            - name: HTTPROUTE_GATEWAY_NAMESPACE
              value: {{ .Values.httproute.gateway.namespace | quote }}
          ports:
            - name: http
              containerPort: {{ .Values.service.port }}
              protocol: TCP
          resources: {{ .Values.resources | toJson }}
